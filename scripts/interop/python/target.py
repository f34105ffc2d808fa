"""Where the services are: the universe's URLs, or the real ones, as `dtu exec` runs a program."""

import json
import os

env = os.environ
pointed = env.get("INTEROP") == "url"

# What no variable holds: key files, OAuth clients.
access = json.loads(env["INTEROP_ACCESS"])

okta = env["OKTA_CLIENT_ORGURL"] if pointed else "https://acme.okta.com"
jira = env["JIRA_BASE_URL"] if pointed else "https://acme.atlassian.net"
slack_options = {"base_url": env["SLACK_API_URL"]} if pointed else {}
drive = env["GOOGLE_DRIVE_URL"] if pointed else "https://www.googleapis.com"


def google_credentials():
    """A token when pointed, else whatever the machine offers (the metadata server)."""
    if pointed:
        from google.oauth2.credentials import Credentials

        return Credentials(env["GOOGLE_ACCESS_TOKEN"])
    import google.auth

    return google.auth.default(scopes=["https://www.googleapis.com/auth/drive"])[0]
