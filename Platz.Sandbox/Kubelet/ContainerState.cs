using System.Text.Json.Nodes;

namespace Platz.Sandbox.Kubelet;

/// <summary>The state of one container: waiting, running or terminated.</summary>
internal sealed class ContainerState(string name, string image)
{
    private JsonObject _state = new() { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } };
    private JsonObject _lastState = [];
    private string _containerId = "";

    public string Name => name;

    public bool Ready { get; set; }

    public long Restarts { get; private set; }

    public bool IsRunning => _state.ContainsKey("running");

    public bool HasStarted => _containerId.Length > 0;

    public void Wait(string reason, string? message = null)
    {
        Ready = false;
        if (_state["terminated"] is { } ended)
        {
            _lastState = new JsonObject { ["terminated"] = ended.DeepClone() };
        }

        var waiting = new JsonObject { ["reason"] = reason };
        if (message is not null)
        {
            waiting["message"] = message;
        }

        _state = new JsonObject { ["waiting"] = waiting };
    }

    public void Run(string now)
    {
        _containerId = $"sandbox://{Guid.NewGuid():N}{Guid.NewGuid():N}";
        _state = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = now } };
    }

    public void Restart() => Restarts++;

    public void Terminate(ContainerExit exit, string startedAt, string now)
    {
        Ready = false;
        var terminated = new JsonObject { ["exitCode"] = exit.Code, ["reason"] = exit.ReasonOrDefault };
        if (exit.Message is not null)
        {
            terminated["message"] = exit.Message;
        }

        terminated["startedAt"] = startedAt;
        terminated["finishedAt"] = now;
        terminated["containerID"] = _containerId;
        _state = new JsonObject { ["terminated"] = terminated };
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = name,
            ["state"] = _state.DeepClone(),
            ["lastState"] = _lastState.DeepClone(),
            ["ready"] = Ready,
            ["restartCount"] = Restarts,
            ["image"] = image,
            ["imageID"] = HasStarted ? $"sandbox:{image}" : "",
        };
        if (HasStarted)
        {
            json["containerID"] = _containerId;
        }

        json["started"] = IsRunning;
        return json;
    }
}
