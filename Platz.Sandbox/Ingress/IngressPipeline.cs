using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Sandbox.Faults;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Ingress;

/// <summary>Every request to an ingress: noted, routed, answered as the application behind it is scripted.</summary>
internal sealed class IngressPipeline(IngressRoutes routes, IngressLedger ledger, FaultSwitches faults)
{
    private const int MostBodyNoted = 64 * 1024;

    public async Task AnswerAsync(HttpContext context)
    {
        var (body, length) = await ReadAsync(context);
        var call = ledger.Begin(context.Request, body, length);
        var (status, completed) = ((int?)null, false);
        try
        {
            completed = await AnswerAsync(context, call);
            status = completed ? context.Response.StatusCode : null;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // the caller has gone, or the sandbox stops
        }
        finally
        {
            ledger.End(call, status, completed);
        }
    }

    /// <summary>False when the answer was withheld.</summary>
    private async Task<bool> AnswerAsync(HttpContext context, IngressCall call)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value!);
        try
        {
            var answer = faults.Ingress.TakeAnswer(call.Host, method, path) ?? routes.Find(call.Host, path) switch
            {
                IngressRoute.To to => Scripted(to, method, path),
                IngressRoute.Unavailable => Nginx(503, "Service Temporarily Unavailable"),
                _ => Nginx(404, "Not Found"),
            };
            return await SendAsync(context, call, answer);
        }
        catch (FormatException unreadable)
        {
            return await SendAsync(context, call, new ScriptedAnswer { Status = 500, Body = unreadable.Message });
        }
    }

    private static ScriptedAnswer Scripted(IngressRoute.To to, string method, string path) =>
        (to.Script is { } script ? ScriptedAnswer.Read(script) : [])
            .FirstOrDefault(answer => answer.Fits(method, path))
        ?? new ScriptedAnswer { Status = 404, Body = "no such page" };

    private static ScriptedAnswer Nginx(int code, string title) => new()
    {
        Status = code,
        ContentType = "text/html",
        Body = $"<html>\r\n<head><title>{code} {title}</title></head>\r\n<body>\r\n"
            + $"<center><h1>{code} {title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
    };

    private static async Task<bool> SendAsync(HttpContext context, IngressCall call, ScriptedAnswer answer)
    {
        await Task.Delay(answer.DelayMs, context.RequestAborted);
        if (answer.Drop)
        {
            context.Abort();
            return false;
        }

        var body = answer.Echo ? Echo(context.Request, call) : answer.Body;
        var (text, type) = body?.GetValueKind() is null or JsonValueKind.String
            ? (body.Text() ?? "", "text/plain; charset=utf-8")
            : (body.ToJsonString(JsonExtensions.Compact), "application/json");
        context.Response.StatusCode = answer.Code;
        context.Response.ContentType = answer.ContentType ?? type;
        if (answer.Redirect is not null)
        {
            context.Response.Headers.Location = answer.Redirect;
        }

        if (answer.Bytes > 0)
        {
            await WriteAsync(context, answer.Bytes);
        }
        else if (text.Length > 0) // a 204 must have none
        {
            await context.Response.WriteAsync(text, context.RequestAborted);
        }

        await context.Response.CompleteAsync();
        return true;
    }

    private static async Task WriteAsync(HttpContext context, long bytes)
    {
        var chunk = new byte[16 * 1024];
        Array.Fill(chunk, (byte)'x');
        for (var left = bytes; left > 0; left -= chunk.Length)
        {
            await context.Response.Body.WriteAsync(
                chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)), context.RequestAborted);
        }
    }

    private static JsonObject Echo(HttpRequest request, IngressCall call) => new()
    {
        ["host"] = call.Host,
        ["method"] = call.Method,
        ["path"] = request.Path.Value,
        ["query"] = request.QueryString.Value,
        ["headers"] = new JsonObject(call.Headers.Select(header =>
            KeyValuePair.Create<string, JsonNode?>(header.Key.ToLowerInvariant(), header.Value))),
        ["body"] = call.Body,
    };

    private static async Task<(string Text, long Length)> ReadAsync(HttpContext context)
    {
        var (noted, length) = (new MemoryStream(), 0L);
        var chunk = new byte[16 * 1024];
        while (await context.Request.Body.ReadAsync(chunk, context.RequestAborted) is > 0 and var read)
        {
            noted.Write(chunk, 0, (int)Math.Min(read, MostBodyNoted - noted.Length));
            length += read;
        }

        return (Encoding.UTF8.GetString(noted.ToArray()), length);
    }
}
