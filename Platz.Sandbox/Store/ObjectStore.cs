using System.Globalization;
using System.Text.Json.Nodes;
using Shelves = System.Collections.Generic.SortedDictionary<
    string, System.Collections.Generic.SortedDictionary<string, Platz.Sandbox.Store.StoredObject>>;

namespace Platz.Sandbox.Store;

/// <summary>
/// All objects behind one lock, one resourceVersion for all of them, and the last changes for watchers.
/// </summary>
public sealed class ObjectStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceType, Shelves> _objects = [];
    private readonly StoreChange?[] _recent;
    private readonly Journal? _journal;
    private TaskCompletionSource _changed = NewSignal();
    private long _version = 1;
    private readonly long _oldest = 1;

    /// <param name="history">How many changes a watch can look back before it is told 410.</param>
    /// <param name="journalFile">Where the objects survive a restart; null keeps them in memory only.</param>
    public ObjectStore(int history, string? journalFile)
    {
        _recent = new StoreChange[history];
        if (journalFile is null)
        {
            return;
        }

        foreach (var stored in Journal.Read(journalFile, out var version))
        {
            Shelf(stored.Type, stored.Namespace)[stored.Name] = stored;
            _version = version;
        }

        _oldest = _version;
        _journal = Journal.Start(journalFile, Everything());
    }

    public long Version
    {
        get
        {
            lock (_gate)
            {
                return _version;
            }
        }
    }

    /// <summary>Completes at the next change; take it before reading, so that nothing falls in between.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    public StoredObject? Find(ResourceType type, string ns, string name)
    {
        lock (_gate)
        {
            return Shelf(type, ns).GetValueOrDefault(name);
        }
    }

    /// <summary>
    /// The objects of one namespace, or of all when it is empty, in name order, with the version they show.
    /// </summary>
    public (IReadOnlyList<StoredObject> Objects, long Version) List(ResourceType type, string ns = "")
    {
        lock (_gate)
        {
            return ns.Length > 0 || !type.Namespaced
                ? ([.. Shelf(type, ns).Values], _version)
                : ([.. ShelvesOf(type).Values.SelectMany(shelf => shelf.Values)], _version);
        }
    }

    /// <summary>Every object of a namespace, of whatever type.</summary>
    public IReadOnlyList<StoredObject> Content(string ns)
    {
        lock (_gate)
        {
            return [.. _objects.Where(entry => entry.Key.Namespaced)
                .SelectMany(entry => entry.Value.GetValueOrDefault(ns)?.Values ?? Enumerable.Empty<StoredObject>())];
        }
    }

    /// <summary>
    /// The one way to write: <paramref name="decide"/> sees the present object (or null) and returns what shall stand
    /// there; null removes it, an equal object changes nothing.
    /// </summary>
    public StoredObject? Change(ObjectKey key, Func<StoredObject?, JsonObject?> decide) =>
        Change(key, current => (decide(current), current?.Applied));

    public StoredObject? Change(
        ObjectKey key,
        Func<StoredObject?, (JsonObject? Json, IReadOnlyDictionary<string, JsonObject>? Applied)> decide)
    {
        lock (_gate)
        {
            var shelf = Shelf(key.Type, key.Namespace);
            var current = shelf.GetValueOrDefault(key.Name);
            var (next, applied) = decide(current);
            if (next is null || Lifecycle.IsFinished(key.Type, next))
            {
                return Remove(shelf, key, current, next);
            }

            if (current is not null && ReferenceEquals(applied, current.Applied) && next.SameAs(current.Json))
            {
                return current;
            }

            var stored = Stamp(key, next, applied);
            shelf[key.Name] = stored;
            Publish(new StoreChange(current is null ? ChangeKind.Added : ChangeKind.Modified, stored, current));
            return stored;
        }
    }

    /// <summary>The changes after a version, or null when they are no longer remembered.</summary>
    public IReadOnlyList<StoreChange>? ChangesAfter(long version)
    {
        lock (_gate)
        {
            if (version < _oldest || version < _version - _recent.Length)
            {
                return null;
            }

            var changes = new List<StoreChange>();
            for (var next = version + 1; next <= _version; next++)
            {
                changes.Add(_recent[next % _recent.Length]!);
            }

            return changes;
        }
    }

    /// <summary>The oldest version a watch may start from.</summary>
    public long OldestVersion
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(_oldest, _version - _recent.Length);
            }
        }
    }

    public void Dispose() => _journal?.Dispose();

    private StoredObject? Remove(
        SortedDictionary<string, StoredObject> shelf, ObjectKey key, StoredObject? current, JsonObject? last)
    {
        if (current is null)
        {
            return null;
        }

        shelf.Remove(key.Name);
        var removed = Stamp(key, last ?? current.Json.Copy(), null);
        Publish(new StoreChange(ChangeKind.Deleted, removed, current));
        return removed;
    }

    private StoredObject Stamp(ObjectKey key, JsonObject json, IReadOnlyDictionary<string, JsonObject>? applied)
    {
        var version = ++_version;
        json.Metadata["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        return new StoredObject(key, json, version) { Applied = applied ?? new Dictionary<string, JsonObject>() };
    }

    private void Publish(StoreChange change)
    {
        _recent[change.Version % _recent.Length] = change;
        _journal?.Append(change, Everything);
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private IEnumerable<StoredObject> Everything() =>
        _objects.Values.SelectMany(shelves => shelves.Values).SelectMany(shelf => shelf.Values);

    private Shelves ShelvesOf(ResourceType type)
    {
        if (!_objects.TryGetValue(type, out var shelves))
        {
            _objects[type] = shelves = new(StringComparer.Ordinal);
        }

        return shelves;
    }

    private SortedDictionary<string, StoredObject> Shelf(ResourceType type, string ns)
    {
        var shelves = ShelvesOf(type);
        if (!shelves.TryGetValue(ns, out var shelf))
        {
            shelves[ns] = shelf = new(StringComparer.Ordinal);
        }

        return shelf;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
