using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Platz.Sandbox.Faults;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>One watch: what is there, then each change, one JSON line each, until the time is up.</summary>
internal sealed class WatchStream(ObjectStore store, FaultSwitches faults, TimeProvider clock)
{
    private static readonly TimeSpan s_bookmarkInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_bookmarkBeforeEnd = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_defaultTimeout = TimeSpan.FromMinutes(45);

    public async Task RunAsync(HttpContext context, RequestInfo info, ResourceType type, CancellationToken cancel)
    {
        var query = ListQuery.Parse(context.Request, info, type);
        var watch = new Watch(context, type, query, info.Key(type).Namespace, Tables.Wanted(context.Request));
        context.Response.ContentType = "application/json";
        await context.Response.Body.FlushAsync(cancel);
        if (faults.TakeExpiredWatch())
        {
            await SendExpiredAsync(watch, query.ResourceVersion ?? 0, cancel);
            return;
        }

        var version =
            query.ResourceVersion is null or 0 ? await SendPresentAsync(watch, cancel) : query.ResourceVersion.Value;
        using var timeUp = new CancellationTokenSource(query.Timeout ?? s_defaultTimeout, clock);
        using var dropped = faults.NewWatch();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeUp.Token, dropped.Token);
        try
        {
            await FollowAsync(watch, version, end.Token);
        }
        catch (OperationCanceledException) when (timeUp.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // the asked-for time is up: a normal end
        }
        catch (OperationCanceledException) when (dropped.IsCancellationRequested)
        {
            if (!dropped.Cleanly)
            {
                context.Abort();
            }
        }
    }

    private async Task<long> SendPresentAsync(Watch watch, CancellationToken cancel)
    {
        var (objects, version) = store.List(watch.Type, watch.Namespace);
        foreach (var stored in objects.Where(stored => watch.Query.Matches(stored.Json)))
        {
            await SendAsync(watch, "ADDED", stored, cancel);
        }

        return version;
    }

    private async Task FollowAsync(Watch watch, long version, CancellationToken cancel)
    {
        var bookmarkAt = NextBookmark(watch, first: true);
        while (true)
        {
            var changed = store.Changed;
            if (store.Version > version)
            {
                if (store.ChangesAfter(version) is not { } changes)
                {
                    await SendExpiredAsync(watch, version, cancel);
                    return;
                }

                foreach (var change in changes)
                {
                    await SendAsync(watch, change, cancel);
                    version = change.Version;
                }

                continue;
            }

            if (await WaitAsync(changed, bookmarkAt, cancel))
            {
                continue;
            }

            await SendBookmarkAsync(watch, Math.Max(version, store.Version), cancel);
            bookmarkAt = NextBookmark(watch, first: false);
        }
    }

    private DateTimeOffset NextBookmark(Watch watch, bool first)
    {
        if (!watch.Query.AllowBookmarks)
        {
            return DateTimeOffset.MaxValue;
        }

        var wait = first && watch.Query.Timeout < s_bookmarkInterval
            ? watch.Query.Timeout.Value - s_bookmarkBeforeEnd
            : s_bookmarkInterval;
        return clock.GetUtcNow() + (wait > TimeSpan.Zero ? wait : s_bookmarkInterval);
    }

    /// <summary>True when something changed, false when it is time for a bookmark.</summary>
    private async Task<bool> WaitAsync(Task changed, DateTimeOffset bookmarkAt, CancellationToken cancel)
    {
        if (bookmarkAt == DateTimeOffset.MaxValue)
        {
            await changed.WaitAsync(cancel);
            return true;
        }

        var left = bookmarkAt - clock.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        try
        {
            await changed.WaitAsync(left, clock, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task SendAsync(Watch watch, StoreChange change, CancellationToken cancel)
    {
        if (change.Stored.Type != watch.Type
            || (watch.Namespace.Length > 0 && change.Stored.Namespace != watch.Namespace))
        {
            return;
        }

        var was = change.Previous is { } previous && watch.Query.Matches(previous.Json);
        var isNow = change.Kind is not ChangeKind.Deleted && watch.Query.Matches(change.Stored.Json);
        var type = (was, isNow) switch
        {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            _ => null,
        };
        if (type is not null)
        {
            await SendAsync(watch, type, change.Stored, cancel);
        }
    }

    private async Task SendAsync(Watch watch, string type, StoredObject stored, CancellationToken cancel)
    {
        var json = watch.AsTable
            ? StoredObject.Write(Tables.Of(watch.Type, [stored], [], clock.GetUtcNow()))
            : stored.Utf8;
        await SendLineAsync(watch, type, json, cancel);
    }

    private static Task SendBookmarkAsync(Watch watch, long version, CancellationToken cancel) =>
        SendLineAsync(watch, "BOOKMARK", StoredObject.Write(new JsonObject
        {
            ["kind"] = watch.Type.Kind,
            ["apiVersion"] = watch.Type.ApiVersion,
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture),
                ["creationTimestamp"] = null,
            },
        }), cancel);

    private Task SendExpiredAsync(Watch watch, long version, CancellationToken cancel) =>
        SendLineAsync(watch, "ERROR", StoredObject.Write(new ApiException(410, "Expired",
            $"too old resource version: {version} ({store.OldestVersion})").ToStatus()), cancel);

    private static async Task SendLineAsync(Watch watch, string type, byte[] json, CancellationToken cancel)
    {
        var body = watch.Context.Response.Body;
        await body.WriteAsync(Encoding.ASCII.GetBytes($"{{\"type\":\"{type}\",\"object\":"), cancel);
        await body.WriteAsync(json, cancel);
        await body.WriteAsync("}\n"u8.ToArray(), cancel);
        await body.FlushAsync(cancel);
    }

    private sealed record Watch(HttpContext Context, ResourceType Type, ListQuery Query, string Namespace,
        bool AsTable);
}
