using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Platz.Core.Identity;
using Platz.Web.Api;
using Platz.Web.Events;
using Platz.Web.SignIn;

namespace Platz.Web.Security;

/// <summary>What one identity may ask of the API, within a sliding minute; each process counts for itself.</summary>
internal static class RateLimits
{
    private const int Segments = 6;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        services.AddSingleton<AttemptLimits>();
        services.AddSingleton<OpenPages>();
        services.AddSingleton<PageHub>();
        services.AddScoped<PageSeat>();
        services.AddScoped<CircuitHandler>(circuit => circuit.GetRequiredService<PageSeat>());
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>((limiter, limits) =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                Of(limits.Value.RequestsPerMinute, _ => true), Of(limits.Value.ChangesPerMinute, IsChange),
                OfAddress(limits.Value.ConnectionsPerMinute));
            limiter.OnRejected = (rejected, _) => new ValueTask(RefuseAsync(
                rejected.HttpContext,
                rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : s_window / Segments));
        });
    }

    /// <summary>One answer for whatever was too much.</summary>
    public static Task RefuseAsync(HttpContext context, TimeSpan retryAfter)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var text = $"Too many requests: try again in {seconds} s.";
        IResult answer = ApiProblem.IsRead(context)
            ? new ApiProblem(StatusCodes.Status429TooManyRequests, text)
            : new PlainPage(StatusCodes.Status429TooManyRequests, "Too many attempts", text);
        return answer.ExecuteAsync(context);
    }

    public static bool ComesFromPrograms(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments(EventsHubRoute.Path);

    private static PartitionedRateLimiter<HttpContext> Of(int permits, Func<HttpContext, bool> counts) =>
        PartitionedRateLimiter.Create<HttpContext, Guid>(context =>
            ComesFromPrograms(context) && context.User.Identity is { IsAuthenticated: true } && counts(context)
                ? RateLimitPartition.GetSlidingWindowLimiter(context.User.Id, _ => InAMinute(permits))
                : RateLimitPartition.GetNoLimiter(Guid.Empty));

    private static PartitionedRateLimiter<HttpContext> OfAddress(int permits) =>
        PartitionedRateLimiter.Create<HttpContext, string>(context => BeginsConnection(context.Request)
            ? RateLimitPartition.GetSlidingWindowLimiter(
                $"{Origin.Plain(context.Connection.RemoteIpAddress)}", _ => InAMinute(permits))
            : RateLimitPartition.GetNoLimiter(""));

    private static SlidingWindowRateLimiterOptions InAMinute(int permits) => new()
    {
        PermitLimit = permits,
        Window = s_window,
        SegmentsPerWindow = Segments,
    };

    /// <summary>By negotiation, or without any.</summary>
    private static bool BeginsConnection(HttpRequest request) =>
        (request.Path.StartsWithSegments("/_blazor") || request.Path.StartsWithSegments("/hubs"))
        && (request.Path.Value!.EndsWith("/negotiate", StringComparison.OrdinalIgnoreCase)
            || (request.Headers.Upgrade.Count > 0 && !request.Query.ContainsKey("id")));

    private static bool IsChange(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
}
