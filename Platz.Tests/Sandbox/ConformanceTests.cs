using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

/// <summary>The recorded requests, sent again in their order: the answers must be the recorded ones.</summary>
public sealed class ConformanceTests : IAsyncLifetime
{
    private readonly SandboxServer _sandbox = new()
    {
        Configure = options =>
        {
            options.Users["viewer-token"] = "viewer";
            options.NamespaceDelay = TimeSpan.FromSeconds(2);
            options.RetryDelay = TimeSpan.FromSeconds(1);
        },
    };

    private readonly Dictionary<string, string> _names = [];

    public async ValueTask InitializeAsync()
    {
        await _sandbox.InitializeAsync();
        await PostAsync("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", """
            {"metadata":{"name":"viewer"},"roleRef":{"kind":"ClusterRole","name":"view"},
            "subjects":[{"kind":"User","name":"viewer"}]}
            """);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData("discovery.json")]
    [InlineData("namespaces.json")]
    [InlineData("secrets-and-rbac.json")]
    [InlineData("pods.json")]
    [InlineData("workloads.json")]
    [InlineData("watches.json")]
    public async Task Answers_like_the_real_server(string file)
    {
        if (file != "namespaces.json")
        {
            await PostAsync("/api/v1/namespaces", """{"metadata":{"name":"rec1"}}""");
        }

        var faults = new List<string>();
        foreach (var recorded in Recording.Cases(file))
        {
            var name = recorded["name"]!.GetValue<string>();
            await PrepareAsync(name, recorded);
            if (!ConformanceSkips.Reasons.ContainsKey(name))
            {
                faults.AddRange((await ReplayAsync(recorded)).Select(fault => $"{name}: {fault}"));
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public void Skips_only_cases_that_were_recorded()
    {
        var recorded = Directory.GetFiles(Recording.Folder, "*.json").SelectMany(file =>
            Recording.Cases(Path.GetFileName(file)).Select(item => item["name"]?.GetValue<string>()));

        Assert.Empty(ConformanceSkips.Reasons.Keys.Except(recorded.OfType<string>()));
    }

    /// <summary>What the recorder did between two recorded requests.</summary>
    private async Task PrepareAsync(string name, JsonNode recorded)
    {
        if (name.StartsWith("state of ", StringComparison.Ordinal))
        {
            await CreateAgainAsync(recorded["response"]!["body"]!);
        }

        switch (name)
        {
            case "restart with the same annotation":
                await _sandbox.UntilAsync("/apis/apps/v1/namespaces/rec1/deployments/web", web =>
                    web["status"]!["observedGeneration"]?.GetValue<int>() == 2
                    && web["status"]!["replicas"]?.GetValue<int>() == 2
                    && web["status"]!["updatedReplicas"]?.GetValue<int>() == 2
                    && web["status"]!["conditions"]![1]!["reason"]!.GetValue<string>() == "NewReplicaSetAvailable",
                    Cancel);
                break;
            case "delete running with grace":
                await CreateAgainAsync(recorded["response"]!["body"]!);
                await _sandbox.UntilAsync("/api/v1/namespaces/rec1/pods/task-term",
                    pod => pod["status"]!["phase"]!.GetValue<string>() == "Running", Cancel);
                break;
            case "delete with grace 0":
                await CreateAgainAsync(recorded["response"]!["body"]!);
                await _sandbox.UntilAsync("/api/v1/namespaces/rec1/pods/task-kill",
                    pod => pod["status"]!["phase"]!.GetValue<string>() == "Running", Cancel);
                break;
            case "get after gone":
                await _sandbox.UntilAsync("/api/v1/namespaces", list => list["items"]!.AsArray().All(item =>
                    item!["metadata"]!["name"]!.GetValue<string>() != _names["rec-gen-hr54k"]), Cancel);
                break;
        }
    }

    private async Task CreateAgainAsync(JsonNode pod)
    {
        var spec = pod["spec"]!.DeepClone().AsObject();
        spec.Remove("nodeName");
        spec.Remove("volumes");
        foreach (var container in spec["containers"]!.AsArray())
        {
            container!.AsObject().Remove("volumeMounts");
        }

        if (pod["spec"]!["volumes"]!.AsArray().FirstOrDefault(volume => volume!["secret"] is not null) is { } secret)
        {
            spec["volumes"] = new JsonArray(secret.DeepClone());
            spec["containers"]![0]!["volumeMounts"] = pod["spec"]!["containers"]![0]!["volumeMounts"]!.AsArray()
                .Where(mount => mount!["name"]!.GetValue<string>() == secret["name"]!.GetValue<string>())
                .Select(mount => mount!.DeepClone()).ToArray() is var mounts ? new JsonArray(mounts) : null;
        }

        var fresh = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = pod["metadata"]!["name"]!.DeepClone(),
                ["labels"] = pod["metadata"]!["labels"]!.DeepClone(),
            },
            ["spec"] = spec,
        };
        await PostAsync("/api/v1/namespaces/rec1/pods", fresh.ToJsonString());
    }

    /// <summary>
    /// A read is repeated until it shows the recorded state, for that is a state the cluster comes to.
    /// </summary>
    private async Task<IReadOnlyList<string>> ReplayAsync(JsonNode recorded)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(6));
        var isRead = recorded["request"]!["method"]!.GetValue<string>() == "GET";
        while (true)
        {
            var faults = await CompareAsync(recorded);
            if (faults.Count == 0 || !isRead || deadline.IsCancellationRequested)
            {
                return faults;
            }

            await Task.Delay(30, Cancel);
        }
    }

    private async Task<IReadOnlyList<string>> CompareAsync(JsonNode recorded)
    {
        using var client = _sandbox.Client(recorded["as"]!.GetValue<string>() switch
        {
            "admin" => null,
            "viewer" => "viewer-token",
            "none" => "",
            _ => "bad-token",
        });
        var expected = recorded["response"]!;
        using var response = await client.SendAsync(Request(recorded["request"]!), Cancel);
        if ((int)response.StatusCode != expected["status"]!.GetValue<int>())
        {
            return [$"expected {expected["status"]}, was {(int)response.StatusCode}: "
                + await response.Content.ReadAsStringAsync(Cancel)];
        }

        var text = await response.Content.ReadAsStringAsync(Cancel);
        if (expected["stream"] is JsonArray { Count: 0 })
        {
            return text.Length == 0 ? [] : [$"expected an empty stream, was {text}"];
        }

        if (expected["body"] is JsonValue plain)
        {
            return text == plain.GetValue<string>() ? [] : [$"expected {plain}, was {text}"];
        }

        var body = JsonNode.Parse(text);
        Learn(expected["body"]!, body!);
        return [.. Recording.Differences(Recording.Normal(expected["body"]), Recording.Normal(body))];
    }

    /// <summary>Generated names differ; later requests use the one given here.</summary>
    private void Learn(JsonNode expected, JsonNode actual)
    {
        if (expected["metadata"]?["generateName"] is not null
            && expected["metadata"]!["name"]!.GetValue<string>() is { } name && !_names.ContainsKey(name))
        {
            _names[name] = actual["metadata"]!["name"]!.GetValue<string>();
        }
    }

    private HttpRequestMessage Request(JsonNode request)
    {
        var path = Present(request["path"]!.GetValue<string>());
        var message = new HttpRequestMessage(
            new HttpMethod(request["method"]!.GetValue<string>()), new Uri(path, UriKind.Relative));
        if (request["body"] is { } body)
        {
            var text = body is JsonValue plain ? plain.GetValue<string>() : body.ToJsonString();
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Present(text)));
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request["contentType"]!.GetValue<string>());
        }

        return message;
    }

    private string Present(string text) =>
        _names.Aggregate(text, (present, pair) => present.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    private async Task PostAsync(string path, string json)
    {
        using var client = _sandbox.Client();
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
