using Platz.Sandbox.Store;

namespace Platz.Sandbox.Controllers;

/// <summary>
/// One loop for all controllers: it follows the store, notes whom a change concerns, and brings each of them closer to
/// what its spec says. One thread of work, so controllers never race each other.
/// </summary>
internal sealed partial class ControllerLoop(
    ObjectStore store, Reconcilers reconcilers, GarbageCollector garbage, NamespaceLifecycle namespaces,
    ILogger<ControllerLoop> log) : BackgroundService
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(200);

    private readonly HashSet<ObjectKey> _due = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var version = NoteEverything();
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = store.Changed;
            version = NoteChanges(version);
            Work();
            if (store.Version > version)
            {
                continue;
            }

            await Task.WhenAny(changed, Task.Delay(s_tick, stoppingToken));
        }
    }

    private long NoteEverything()
    {
        var version = store.Version;
        foreach (var type in ResourceTypes.All)
        {
            foreach (var stored in store.List(type).Objects)
            {
                Note(new StoreChange(ChangeKind.Added, stored, null));
            }
        }

        return version;
    }

    private long NoteChanges(long version)
    {
        if (store.ChangesAfter(version) is not { } changes)
        {
            return NoteEverything();
        }

        foreach (var change in changes)
        {
            Note(change);
            version = change.Version;
        }

        return version;
    }

    private void Note(StoreChange change)
    {
        garbage.Note(change);
        namespaces.Note(change);
        if (Reconcilers.Concerns(change.Stored.Type))
        {
            _due.Add(change.Stored.Key);
        }

        if (Owned.ControllerOf(change.Stored.Json) is { } owner)
        {
            _due.Add(new ObjectKey(owner.Type, change.Stored.Namespace, owner.Name));
        }
    }

    private void Work()
    {
        garbage.Work();
        namespaces.Work();
        foreach (var key in _due.ToList())
        {
            try
            {
                if (reconcilers.Reconcile(key))
                {
                    _due.Remove(key);
                }
            }
            catch (ApiException refused)
            {
                LogRefused(key.Type.Kind, key.Namespace, key.Name, refused.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Kind} {Namespace}/{Name}: {Why}; trying again")]
    private partial void LogRefused(string kind, string @namespace, string name, string why);
}
