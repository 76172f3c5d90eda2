using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;
using Platz.Core.Tasks;
using Platz.Web.Live;
using Platz.Web.SignIn;
using Platz.Web.Tasks.Logs;

namespace Platz.Web.Api.V2;

/// <summary>
/// A log as it is written, until its task has ended: only then the answer ends as an answer should. Where the caller may
/// not see it any more, or this server stops, it breaks off. All who follow a log share the reading of it.
/// </summary>
internal sealed class TaskLogFollow(DeploymentTask task, LogRequest wanted, LogFollowers followers) : IResult
{
    /// <summary>What is between here and the caller gives up on a silence of a minute, often.</summary>
    internal static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    private const int LinesAtOnce = 2_000;

    /// <summary>Where it stands who may see the task.</summary>
    private static readonly string[] s_rights =
        ["users", "bots", "api_tokens", "env_user_permissions", "deployment_permissions", "k8s_clusters"];

    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private bool _isDoubtful;
    private bool _isBeat;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var place = followers.Enter(httpContext.User.Id);
        if (place is null)
        {
            var problem = new ApiProblem(
                StatusCodes.Status429TooManyRequests, $"You follow {LogFollowers.Most} logs already.");
            await problem.ExecuteAsync(httpContext);
            return;
        }

        var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            if (!await FollowAsync(httpContext, ends.Token))
            {
                httpContext.Abort();
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            httpContext.Abort(); // the caller has gone, or we go
        }
        catch (Exception e) when (httpContext.Response.HasStarted && DatabaseTrouble.IsDown(e))
        {
            httpContext.Abort(); // whoever follows comes again, behind the last line they have
        }
    }

    /// <returns>Whether the task has ended.</returns>
    private async Task<bool> FollowAsync(HttpContext context, CancellationToken cancel)
    {
        using var watch = await followers.Logs.OpenAsync(task, work => work(), Ring);
        var start = await wanted.StartAsync(followers.Log, task.Id, cancel);
        var doubts = s_rights.Select(table => followers.Feed.Subscribe(new Topic.Table(table), Doubt)).ToList();
        await using var beats = followers.Clock.CreateTimer(_ => OnBeat(), null, Beat, Beat);
        try
        {
            context.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would collect it
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            var printer = new LogPrinter(context.Response, wanted.IsJson, start);
            await context.Response.Body.FlushAsync(cancel); // it may be long before there is a line
            while (await MaySeeAsync(context, cancel))
            {
                if (await TellAsync(printer, watch.Current, cancel))
                {
                    return true;
                }

                await _bell.Reader.ReadAsync(cancel);
            }

            return false;
        }
        finally
        {
            doubts.ForEach(subscription => subscription.Dispose());
        }
    }

    /// <returns>Whether it was the last.</returns>
    private async Task<bool> TellAsync(LogPrinter printer, LogState state, CancellationToken cancel)
    {
        var before = printer.Seq;
        await CatchUpAsync(printer, state, cancel);
        if (!state.IsLive)
        {
            await printer.EndAsync(state.Task, cancel);
            return true;
        }

        if (Interlocked.Exchange(ref _isBeat, false) && printer.Seq == before)
        {
            await printer.BeatAsync(cancel);
        }

        return false;
    }

    /// <summary>From what all share, as far as it goes back; what is older is read for this caller.</summary>
    private async Task CatchUpAsync(LogPrinter printer, LogState state, CancellationToken cancel)
    {
        while (printer.Seq < state.Shape.Last)
        {
            if (!state.Tail.IsEmpty && state.Tail.Span[0].Seq <= printer.Seq + 1)
            {
                await printer.WriteAsync(Shared(state, printer.Seq), cancel);
                return;
            }

            if (await followers.Log.AfterAsync(task.Id, printer.Seq, LinesAtOnce, cancel)
                is not { Lines: { Count: > 0 } lines })
            {
                return;
            }

            await printer.WriteAsync(lines.Select(LogLineResponse.From), cancel);
        }
    }

    private static List<LogLineResponse> Shared(LogState state, long after)
    {
        var lines = new List<LogLineResponse>();
        foreach (var line in state.Tail.Span)
        {
            if (line.Seq > after)
            {
                var phase = state.Shape.Runs.LastOrDefault(run => run.First <= line.Seq)?.Phase ?? "";
                lines.Add(new LogLineResponse(line.Seq, line.At, phase, line.Stream.ToString(), line.Text));
            }
        }

        return lines;
    }

    /// <summary>Asked again only where there is a doubt.</summary>
    private async Task<bool> MaySeeAsync(HttpContext context, CancellationToken cancel) =>
        !Interlocked.Exchange(ref _isDoubtful, false)
        || (await ApiTokenScheme.IsStillValidAsync(context)
            && await DeploymentTasksApi.FindAsync(
                task.Id, context.User.Actor, context.RequestServices.GetRequiredService<IDbContextFactory<PlatzDb>>(),
                cancel) is not null);

    private Task Doubt()
    {
        _isDoubtful = true;
        return Ring();
    }

    /// <summary>Rights are asked about now and then whatever we are told, for that may get lost.</summary>
    private void OnBeat()
    {
        (_isDoubtful, _isBeat) = (true, true);
        _bell.Writer.TryWrite(true);
    }

    private Task Ring()
    {
        _bell.Writer.TryWrite(true);
        return Task.CompletedTask;
    }
}
