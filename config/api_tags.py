"""The parts of the API and whom each is for, in the order in which the description shows them."""

API_TAGS = [
    {"name": "scorecards", "description": "Published facts of one person, and finding whose they are. Public."},
    {"name": "open-data", "description": "The published facts of everybody, with masked names. Public."},
    {"name": "courses", "description": "What a person learns to earn points back. Public."},
    {"name": "changes", "description": "Every change of a status and every correction, once and in order. With a key."},
    {"name": "notices", "description": "The inbox of an institution's staff office."},
    {"name": "handovers", "description": "Letters that a staff office hands over."},
    {"name": "registrations", "description": "Who is registered where. Staff offices and officers."},
    {"name": "roster", "description": "The staff of one's own institutions with their payment qualification."},
    {"name": "institutions", "description": "Staff lists held against what is on record."},
    {"name": "practitioners", "description": "A person's account and how it comes about. Officers."},
    {"name": "cases", "description": "Case files, their evidence, links and annulment. Officers."},
    {"name": "attributions", "description": "Who is held responsible, and every act of the procedure. Officers."},
    {"name": "appeals", "description": "Appeals: by the person with a letter's number and code, and by officers."},
    {"name": "repairs", "description": "Points earned back. Officers."},
    {"name": "reregistrations", "description": "Registration anew after a bar. Officers and staff offices."},
]
