using Microsoft.AspNetCore.Diagnostics;
using Npgsql;
using Platz.Core.Data;
using Platz.Web.Api;

namespace Platz.Web.Security;

/// <summary>The last word on what an endpoint throws: the log gets it all, the visitor a trace id.</summary>
internal sealed partial class ErrorHandler(ILogger<ErrorHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var status = Status(exception);
        var traceId = status < StatusCodes.Status500InternalServerError ? null : httpContext.TraceIdentifier;
        if (traceId is not null)
        {
            LogFailed(exception, httpContext.Request.Method, traceId);
        }

        try
        {
            await WriteAsync(httpContext, status, traceId);
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to read it.
        }

        return true;
    }

    /// <summary>For responses that have a status and nothing to read.</summary>
    public static Task WriteStatusAsync(HttpContext context) => WriteAsync(context, context.Response.StatusCode, null);

    /// <summary>For what is refused before it reaches an endpoint.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string why) => WriteAsync(context, new(status, why));

    private static Task WriteAsync(HttpContext context, int status, string? traceId) =>
        WriteAsync(context, ApiProblem.For(status) with { TraceId = traceId });

    private static Task WriteAsync(HttpContext context, ApiProblem problem)
    {
        var trace = problem.TraceId is null ? "" : $" ({problem.TraceId})";
        IResult answer = ApiProblem.IsRead(context)
            ? problem
            : new PlainPage(problem.Status, problem.Title, problem.Detail + trace);
        return answer.ExecuteAsync(context);
    }

    private static int Status(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        IOException { InnerException: OverflowException } => StatusCodes.Status400BadRequest, // a chunk of 2^31 bytes
        _ when exception.GetBaseException() is PostgresException
        {
            SqlState: PostgresErrorCodes.CharacterNotInRepertoire // text that PostgreSQL cannot carry
        } => StatusCodes.Status400BadRequest,
        _ when DatabaseTrouble.IsDown(exception) => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    // Never the path: it may be a sign-in link.
    [LoggerMessage(LogLevel.Error, "A {Method} request failed, trace id {TraceId}")]
    private partial void LogFailed(Exception exception, string method, string traceId);
}
