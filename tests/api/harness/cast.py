"""The people of the usual story, and the usual way of a request up to the point where a test begins."""
from .client import Client
from .tracing import Trace, complete_request
from .world import CONTACT_A, POLICE, TRACE_B, TRACE_C, World


class Cast:
    def __init__(self, world: World):
        self.world = world

    # asking side
    @property
    def officer(self) -> Client:
        return self.world.user(POLICE, "agency_user")

    @property
    def supervisor(self) -> Client:
        return self.world.user(POLICE, "agency_supervisor")

    @property
    def contact(self) -> Client:
        """National contact of the asking country, who approves what leaves it."""
        return self.world.user(CONTACT_A, "national_contact")

    # asked side
    def analyst(self, agency: str = TRACE_B) -> Client:
        return self.world.user(agency, "tracing_analyst")

    def analyst_id(self, agency: str = TRACE_B) -> str:
        return self.world.person(agency, "tracing_analyst").user_id

    def chief(self, agency: str = TRACE_B) -> Client:
        return self.world.user(agency, "agency_supervisor")

    def asked_contact(self, agency: str = TRACE_B) -> Client:
        return self.world.user(agency, "national_contact")

    # the usual way
    def trace(self, *recipients: dict, submit: bool = True, author: Client | None = None, **changes) -> Trace:
        trace = Trace(author or self.officer, complete_request(*recipients, **changes), submit=submit)
        self.world.instance.personal |= trace.personal
        return trace

    def sent(self, *recipients: dict, **changes) -> Trace:
        """Approved by the national contact and routed."""
        trace = self.trace(*recipients, **changes)
        trace.expect_state("NATIONAL_REVIEW")
        trace.act(self.contact, "approval").expect(200)
        return trace

    def delivered(self, *recipients: dict, **changes) -> Trace:
        trace = self.sent(*recipients, **changes)
        for leg in trace.read()["legs"]:
            trace.wait_for_leg(leg["asked_agency"], "DELIVERED")
        return trace

    def searching(self, *recipients: dict, **changes) -> Trace:
        """Every leg acknowledged and in the hands of its analyst."""
        trace = self.delivered(*recipients, **changes)
        for leg in trace.read()["legs"]:
            self.take_up(trace, leg["asked_agency"])
        return trace

    def take_up(self, trace: Trace, agency: str) -> None:
        leg_id = trace.leg_id(agency)
        trace.act_on_leg(self.analyst(agency), leg_id, "acknowledgement").expect(200)
        trace.act_on_leg(self.chief(agency), leg_id, "assignment", {"handler": self.analyst_id(agency)}).expect(200)

    def answered(self, *recipients: dict, **changes) -> Trace:
        """Answered in full by the first asked agency, without a purchaser."""
        trace = self.searching(*recipients, **changes)
        trace.act_on_leg(self.analyst(), trace.leg_id(TRACE_B), "answers",
                         {"kind": "full", "outcome_code": "too_old"}).expect(201)
        return trace


ASKED = (TRACE_B, TRACE_C)
