using Platz.Sandbox.Faults;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>Every request: faults, then who asks, then what it is about; refusals become a Status.</summary>
internal sealed partial class ApiPipeline(
    ApiRoutes routes,
    SandboxEndpoints sandbox,
    Tokens tokens,
    FaultSwitches faults,
    ILogger<ApiPipeline> log)
{
    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["Audit-Id"] = Guid.NewGuid().ToString();
        context.Response.Headers.CacheControl = "no-cache, private";
        try
        {
            await AnswerAsync(context);
        }
        catch (ApiException refused) when (!context.Response.HasStarted)
        {
            await context.AnswerAsync(refused);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // the caller has gone, or the sandbox stops
        }
        catch (IOException) when (context.Response.HasStarted)
        {
            // the caller has gone in the middle of a stream
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await context.AnswerAsync(new ApiException(bad.StatusCode, "BadRequest", bad.Message)); // to nobody, if it went in the middle
        }
        catch (Exception bug) when (!context.Response.HasStarted)
        {
            LogBug(context.Request.Method, context.Request.Path, bug);
            await context.AnswerAsync(
                new ApiException(500, "InternalError", $"Internal error occurred: {bug.Message}"));
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/sandbox"))
        {
            await sandbox.AnswerAsync(context, tokens.Authenticate(context.Request));
            return;
        }

        var path = context.Request.Path + context.Request.QueryString;
        if (faults.TakeCall(context.Request.Method, path) is not { } fault)
        {
            await routes.AnswerAsync(context, tokens.Authenticate(context.Request), context.RequestAborted);
            return;
        }

        if (fault.DelaySeconds > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(fault.DelaySeconds), context.RequestAborted);
        }

        await (fault switch
        {
            { Code: { } code } => context.AnswerAsync(Failure(code)),
            { AnswerLost: true } => LoseAnswerAsync(context),
            _ => routes.AnswerAsync(context, tokens.Authenticate(context.Request), context.RequestAborted),
        });
    }

    /// <summary>The work is done, the caller never learns it.</summary>
    private async Task LoseAnswerAsync(HttpContext context)
    {
        var body = context.Response.Body;
        using var lost = new MemoryStream();
        context.Response.Body = lost;
        try
        {
            await routes.AnswerAsync(context, tokens.Authenticate(context.Request), context.RequestAborted);
        }
        finally
        {
            context.Response.Body = body;
            context.Abort();
        }
    }

    private static ApiException Failure(int code) => code switch
    {
        429 => new ApiException(429, "TooManyRequests", "Too many requests, please try again later.",
            new() { ["retryAfterSeconds"] = 1 }),
        500 => new ApiException(500, "InternalError", "Internal error occurred: a sandbox fault switch is on"),
        503 => new ApiException(503, "ServiceUnavailable", "the server is currently unable to handle the request"),
        504 => new ApiException(504, "Timeout", "Timeout: request did not complete within the allotted timeout"),
        _ => new ApiException(code, "InternalError", "a sandbox fault switch is on"),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogBug(string method, string path, Exception bug);
}
