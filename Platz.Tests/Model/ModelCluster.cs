namespace Platz.Tests.Model;

/// <summary>The world outside of the database: pods, and what their runs of Helm left (faults.md 3).</summary>
internal sealed class ModelCluster(Guard missing)
{
    private readonly Dictionary<string, ModelPod> _pods = [];

    public IReadOnlyCollection<ModelPod> Pods => _pods.Values;

    /// <summary>Every run of Helm there ever was: the ledger.</summary>
    public List<ModelRun> Runs { get; } = [];

    public ModelPod? Find(string name) => _pods.GetValueOrDefault(name);

    /// <summary>What the release tells of this task.</summary>
    public ModelRun? RunOf(ModelTask task) => Runs.FindLast(r => r.Task == task);

    /// <summary>One pod of a name: a second one is refused.</summary>
    public void Create(ModelTask task, string name)
    {
        if (_pods.TryAdd(name, new ModelPod(task, name)) && missing is Guard.FilesAfterPod)
        {
            GiveFiles(_pods[name]);
        }
    }

    /// <summary>They belong to this very pod: one of the same name made later never gets them.</summary>
    public void GiveFiles(ModelPod pod)
    {
        if (Find(pod.Name) == pod && pod.Run is null)
        {
            Runs.Add(pod.Run = new ModelRun(pod.Task));
        }
    }

    public void Delete(ModelPod pod)
    {
        if (Find(pod.Name) != pod)
        {
            return;
        }

        _pods.Remove(pod.Name);
        if (pod.Run is { Succeeded: null } run)
        {
            run.Succeeded = false; // killed: the release stays locked
        }
    }
}

internal sealed class ModelPod(ModelTask task, string name)
{
    public ModelTask Task => task;

    public string Name => name;

    /// <summary>Null while it waits for its files.</summary>
    public ModelRun? Run { get; set; }
}

internal sealed class ModelRun(ModelTask task)
{
    public ModelTask Task => task;

    /// <summary>Null while it runs.</summary>
    public bool? Succeeded { get; set; }
}
