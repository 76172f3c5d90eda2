using System.Text.Encodings.Web;

namespace Platz.Web.Security;

/// <summary>A page of two sentences that needs neither a circuit nor the database.</summary>
internal sealed record PlainPage(int Status, string Title, string Text) : IResult
{
    /// <summary>What one can do now, and its address here.</summary>
    public (string Text, string Address)? Action { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var html = HtmlEncoder.Default;
        var mayPass = Status == StatusCodes.Status503ServiceUnavailable; // the same address is asked for again
        var (action, address) = Action ?? ("Go to Platz", "/");
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        return httpContext.Response.WriteAsync(
            $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              {{(mayPass ? "<meta http-equiv=\"refresh\" content=\"5\">" : "")}}
              <title>{{html.Encode(Title)}} – Platz</title>
              <link rel="icon" type="image/svg+xml" href="/favicon.svg">
              <link rel="stylesheet" href="/app.css">
              <script src="/theme.js"></script>
            </head>
            <body>
              <main class="plain">
                <p class="brand"><span class="brand-mark" aria-hidden="true">P</span>Platz</p>
                <h1>{{html.Encode(Title)}}</h1>
                <p>{{html.Encode(Text)}}</p>
                <p>{{(mayPass ? "<a class=\"btn\" href=\"\">Try again</a>" : $"<a class=\"btn\" href=\"{html.Encode(address)}\">{html.Encode(action)}</a>")}}</p>
              </main>
            </body>
            </html>
            """, httpContext.RequestAborted);
    }
}
