using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platz.Tests.Support;

namespace Platz.Tests.Journeys.Planted;

/// <summary>
/// Stands before a server and passes everything on, until it is told to refuse: then its error says again, in the
/// server's own form, with what credentials it was asked.
/// </summary>
internal sealed class EchoingProxy : IAsyncDisposable
{
    private readonly HttpClient _target;
    private FakeRegistry _server = null!;

    private EchoingProxy(HttpClient target) => _target = target;

    public Uri Url => _server.Root;

    /// <summary>What is refused.</summary>
    public Func<HttpRequest, bool> Refuses { get; set; } = _ => false;

    /// <summary>Who may pass; anybody by default.</summary>
    public Func<string, bool> Admits { get; init; } = _ => true;

    /// <summary>The document of an error that says this.</summary>
    public required Func<string, object> Error { get; init; }

    public static async Task<EchoingProxy> StartAsync(
        HttpClient target, Func<string, object> error, Func<string, bool>? admits = null)
    {
        var proxy = new EchoingProxy(target) { Error = error, Admits = admits ?? (_ => true) };
        proxy._server = await FakeRegistry.StartAsync(proxy.AnswerAsync);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _target.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var credentials = context.Request.Headers.Authorization.ToString();
        if (!Admits(credentials))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"planted\"";
            return RefuseAsync(context, 401, "authentication required");
        }

        return Refuses(context.Request)
            ? RefuseAsync(context, 403, $"not with {credentials}, that is {Decoded(credentials)}")
            : ForwardAsync(context);
    }

    private Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(Error(message)));
    }

    private static string Decoded(string credentials) => credentials.StartsWith("Basic ", StringComparison.Ordinal)
        ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(credentials["Basic ".Length..]))
        : "plain";

    private async Task ForwardAsync(HttpContext context)
    {
        var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), new Uri(_target.BaseAddress!, context.Request.Path + context.Request.QueryString));
        if (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers.Where(h => h.Key is not ("Host" or "Transfer-Encoding" or "Content-Length")))
        {
            _ = request.Headers.TryAddWithoutValidation(name, values.AsEnumerable())
                || request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable()) is true;
        }

        using var response = await _target.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(h => h.Key is not "Transfer-Encoding"))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await PassOnAsync(await response.Content.ReadAsStreamAsync(context.RequestAborted), context);
    }

    /// <summary>As it comes: a watch says a line now and then.</summary>
    private static async Task PassOnAsync(Stream body, HttpContext context)
    {
        if (context.Response.StatusCode is (int)HttpStatusCode.NoContent or (int)HttpStatusCode.NotModified
            || HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        var buffer = new byte[16 * 1024];
        await context.Response.Body.FlushAsync(context.RequestAborted);
        while (await body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
