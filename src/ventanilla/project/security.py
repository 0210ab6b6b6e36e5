"""What a browser may do with our pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Everything comes from us: no inline script or style, no other host, nothing frames us.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADER = "; ".join(f"{name} {value}" for name, value in POLICY.items())
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a view that needs a stricter policy sets the header itself and keeps it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", HEADER)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return middleware
