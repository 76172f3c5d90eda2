using System.Text;
using System.Text.Json.Nodes;
using Platz.Sandbox.Http;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>Puts the volumes of a pod on disk, from the objects they come from.</summary>
internal sealed class PodVolumes(ObjectStore store, Tokens tokens, TimeProvider clock)
{
    /// <summary>The first thing that a volume needs and that is not there, as the kubelet words it.</summary>
    public (string Volume, string Missing)? FindMissing(StoredObject pod)
    {
        foreach (var volume in pod.Json.Objects("spec", "volumes"))
        {
            var needs = Needs(volume).Concat(volume.Objects("projected", "sources").SelectMany(Needs));
            foreach (var (type, name) in needs)
            {
                if (store.Find(type, pod.Namespace, name) is null)
                {
                    return (volume.Text("name") ?? "", $"{type.Kind.ToLowerInvariant()} \"{name}\" not found");
                }
            }
        }

        return null;
    }

    /// <summary>What an environment needs and is not there.</summary>
    public string? FindMissing(StoredObject pod, JsonObject container)
    {
        var needs = container.Objects("env").Select(variable => variable.Object("valueFrom"))
            .SelectMany(source => (IEnumerable<(ResourceType, JsonObject?)>)
                [(ResourceTypes.Secrets, source.Object("secretKeyRef")),
                    (ResourceTypes.ConfigMaps, source.Object("configMapKeyRef"))])
            .Concat(container.Objects("envFrom").SelectMany(source => (IEnumerable<(ResourceType, JsonObject?)>)
                [(ResourceTypes.Secrets, source.Object("secretRef")),
                    (ResourceTypes.ConfigMaps, source.Object("configMapRef"))]));
        foreach (var (type, reference) in needs.Where(need => IsRequired(need.Item2)))
        {
            var name = reference.Text("name") ?? "";
            var source = store.Find(type, pod.Namespace, name);
            if (source is null)
            {
                return $"{type.Kind.ToLowerInvariant()} \"{name}\" not found";
            }

            if (reference.Text("key") is { } key && source.Json.At("data", key) is null)
            {
                return $"couldn't find key {key} in {type.Kind} {pod.Namespace}/{name}";
            }
        }

        return null;
    }

    public void Materialize(StoredObject pod, JsonObject container, PodPaths paths)
    {
        foreach (var mount in container.Objects("volumeMounts"))
        {
            var name = mount.Text("name") ?? "";
            var host = Path.Combine(paths.Root, "volumes", name);
            var volume = pod.Json.Objects("spec", "volumes").First(volume => volume.Text("name") == name);
            if (!Directory.Exists(host))
            {
                Directory.CreateDirectory(host);
                Fill(pod, volume, host);
            }

            var part = Path.GetFullPath(mount.Text("subPath") ?? "", "/").TrimStart('/');
            paths.Mount(mount.Text("mountPath") ?? "/", Path.Combine(host, part));
        }
    }

    private void Fill(StoredObject pod, JsonObject volume, string host)
    {
        FillFrom(pod, volume, host);
        foreach (var source in volume.Objects("projected", "sources"))
        {
            FillFrom(pod, source, host);
        }
    }

    private void FillFrom(StoredObject pod, JsonObject source, string host)
    {
        foreach (var (type, name) in Needs(source))
        {
            var part = source.Object("secret") ?? source.Object("configMap");
            var items =
                part.Objects("items").ToDictionary(item => item.Text("key") ?? "", item => item.Text("path") ?? "");
            foreach (var (key, bytes) in Files(store.Find(type, pod.Namespace, name)?.Json))
            {
                if (items.Count == 0 || items.ContainsKey(key))
                {
                    Write(host, items.GetValueOrDefault(key, key), bytes);
                }
            }
        }

        if (source.Object("serviceAccountToken") is { } token)
        {
            var text = Token(pod, token.Number("expirationSeconds"));
            Write(host, token.Text("path") ?? "token", Encoding.UTF8.GetBytes(text));
        }

        foreach (var item in source.Objects("downwardAPI", "items"))
        {
            var path = (item.Text("fieldRef", "fieldPath") ?? "").Split('.');
            Write(host, item.Text("path") ?? "", Encoding.UTF8.GetBytes(pod.Json.Text(path) ?? ""));
        }
    }

    public string Token(StoredObject pod, long? seconds)
    {
        var account = pod.Json.Text("spec", "serviceAccountName") ?? "default";
        var uid = store.Find(ResourceTypes.ServiceAccounts, pod.Namespace, account)?.Uid ?? "";
        return tokens.Issue(pod.Namespace, account, uid, clock.GetUtcNow().AddSeconds(seconds ?? 3607));
    }

    private static bool IsRequired(JsonObject? reference) =>
        reference is not null && reference.Flag("optional") != true;

    private static IEnumerable<(ResourceType Type, string Name)> Needs(JsonObject source)
    {
        if (source.Object("secret") is { } secret && secret.Flag("optional") != true)
        {
            yield return (ResourceTypes.Secrets, secret.Text("secretName") ?? secret.Text("name") ?? "");
        }

        if (source.Object("configMap") is { } map && map.Flag("optional") != true)
        {
            yield return (ResourceTypes.ConfigMaps, map.Text("name") ?? "");
        }
    }

    private static IEnumerable<(string Key, byte[] Bytes)> Files(JsonObject? json)
    {
        var isSecret = json.Text("kind") == "Secret";
        foreach (var (key, value) in json.Object("data") ?? [])
        {
            var text = value.Text() ?? "";
            yield return (key, isSecret ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text));
        }

        foreach (var (key, value) in json.Object("binaryData") ?? [])
        {
            yield return (key, Convert.FromBase64String(value.Text() ?? ""));
        }
    }

    /// <summary>Paths come from objects, so they must not lead out of the volume.</summary>
    private static void Write(string host, string path, byte[] bytes)
    {
        var file = Path.Combine(host, Path.GetFullPath(path, "/").TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
