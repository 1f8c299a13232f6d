"""What can go wrong with a mailbox, each as one sentence without addresses, names or text."""


class ImapError(Exception):
    """A mailbox could not be used; the connection is gone and must be opened anew."""


class ImapUnreachable(ImapError):
    """No connection, no answer in time, or a connection that ended: try again later."""


class ImapLoginRefused(ImapError):
    """The server does not accept user and password: a person must look."""


class ImapTlsFailure(ImapError):
    """The server cannot prove who it is: a person must look; there is no fallback."""


class ImapProtocolError(ImapError):
    """The server said something outside RFC 3501, or more than the caps allow."""


class ImapRefused(ImapError):
    """The server answered NO or BAD to one command; the connection still stands."""

    def __init__(self, words: str, code: str = "") -> None:
        super().__init__(words)
        self.code = code  # RFC 5530, like AUTHENTICATIONFAILED
