using System.Collections.Frozen;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.SignalR;
using Platz.Web.SignIn;

namespace Platz.Web.Security;

/// <summary>Closes connections of pages that are more, or say more, than pages of a person would.</summary>
internal sealed partial class PageHub(OpenPages pages, Sessions sessions, TimeProvider clock, ILogger<PageHub> log)
    : IHubFilter
{
    /// <summary>Of a second, in the long run; a page that is typed into or followed sends some ten.</summary>
    private const int Calls = 200;

    private const int Burst = 5 * Calls;

    /// <summary>What a page calls where somebody does something; it also answers, and says what it has rendered.</summary>
    private static readonly FrozenSet<string> s_ofPeople = ["BeginInvokeDotNetFromJS", "OnLocationChanged"];

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        if (context.Context.User is not { Identity.IsAuthenticated: true } user || !pages.TryConnect(user.Id))
        {
            context.Context.Abort();
            return;
        }

        context.Context.Items[typeof(PageHub)] = new Meter(user.Id, Burst, clock.GetTimestamp());
        await next(context);
    }

    public Task OnDisconnectedAsync(
        HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        if (MeterOf(context.Context) is { } meter)
        {
            pages.Disconnect(meter.User);
        }

        return next(context, exception);
    }

    public ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (MeterOf(invocationContext.Context)?.Takes(clock) is not false)
        {
            if (s_ofPeople.Contains(invocationContext.HubMethodName) && invocationContext.Context.User is { } user)
            {
                sessions.Use(user);
            }

            return next(invocationContext);
        }

        LogTooMany();
        invocationContext.Context.Abort();
        throw new HubException("Too many calls.");
    }

    private static Meter? MeterOf(HubCallerContext context) =>
        context.Items.TryGetValue(typeof(PageHub), out var meter) ? (Meter)meter! : null;

    [LoggerMessage(LogLevel.Warning, "The connection of a page was closed: it called more often than pages do")]
    private partial void LogTooMany();

    /// <summary>A bucket of calls that fills by time. The hub asks for one call after another.</summary>
    private sealed class Meter(Guid user, double left, long since)
    {
        private double _left = left;
        private long _since = since;

        public Guid User => user;

        public bool Takes(TimeProvider clock)
        {
            var now = clock.GetTimestamp();
            _left = Math.Min(Burst, _left + (clock.GetElapsedTime(_since, now).TotalSeconds * Calls));
            _since = now;
            return _left-- >= 1;
        }
    }
}

internal static class OpenPagesInUse
{
    /// <summary>Behind authentication: a page that could not connect says so instead.</summary>
    public static void UseOpenPages(this WebApplication app) => app.Use((context, next) =>
    {
        var pages = context.RequestServices.GetRequiredService<OpenPages>();
        if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null
            || context.User.Identity is not { IsAuthenticated: true } || pages.MayConnect(context.User.Id))
        {
            return next(context);
        }

        return new PlainPage(StatusCodes.Status429TooManyRequests, "Too many open pages", TextOf(pages.Most))
        {
            Action = ("Load it again", $"{context.Request.Path}{context.Request.QueryString}"),
        }.ExecuteAsync(context);
    });

    public static string TextOf(int most) =>
        $"You have {most} pages of Platz open, as many as you may. Close one of them and load this one again.";
}
