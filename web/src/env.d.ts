declare module 'catalog:profiles' {
  const profiles: Record<string, { column: string; also: string[]; required: boolean }[]>
  export default profiles
}
declare module 'catalog:*' {
  const catalog: Record<string, string>
  export default catalog
}
