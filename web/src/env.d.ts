declare module 'catalog:*' {
  const catalog: Record<string, string>
  export default catalog
}
