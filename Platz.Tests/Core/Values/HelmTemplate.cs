using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Platz.Tests.Core.Values;

/// <summary>Asks the real helm 3 what it makes of a values file: a chart in a temp folder prints its values.</summary>
internal sealed class HelmTemplate : IDisposable
{
    private readonly string _binary;
    private readonly DirectoryInfo _chart = Directory.CreateTempSubdirectory("platz-golden-");

    private HelmTemplate(string binary)
    {
        _binary = binary;
        _chart.CreateSubdirectory("templates");
        File.WriteAllText(Path.Combine(_chart.FullName, "Chart.yaml"),
            "apiVersion: v2\nname: golden\nversion: 1.0.0\n");
        File.WriteAllText(Path.Combine(_chart.FullName, "templates", "out.yaml"),
            "out: {{ .Values | toJson | b64enc }}\n");
    }

    public static HelmTemplate OrSkip()
    {
        var cache = Environment.GetEnvironmentVariable("PLATZ_TOOLS") ?? Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "platz");
        var binary = Environment.GetEnvironmentVariable("PLATZ_HELM3") ?? Path.Combine(cache, "helm-3.18.0", "helm");
        Assert.SkipUnless(File.Exists(binary), "helm 3.18 is not unpacked on this machine");
        return new HelmTemplate(binary);
    }

    /// <summary>The values as the chart sees them; null when helm refuses the text.</summary>
    public JsonNode? Read(string values) => Run(values);

    /// <summary>What the chart sees, given its own values and two files of a deployment.</summary>
    public JsonNode? Merge(JsonObject defaults, JsonObject values, JsonObject valuesOverride)
    {
        var (own, first) = (Path.Combine(_chart.FullName, "values.yaml"), Path.Combine(_chart.FullName, "first.json"));
        File.WriteAllText(own, defaults.ToJsonString());
        File.WriteAllText(first, values.ToJsonString());
        return Run(valuesOverride.ToJsonString(), "-f", first);
    }

    private JsonNode? Run(string values, params string[] arguments)
    {
        string[] all = ["template", "golden", _chart.FullName, .. arguments, "-f", "-"];
        using var helm = Process.Start(new ProcessStartInfo(_binary, all)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        })!;
        helm.StandardInput.Write(values);
        helm.StandardInput.Close();
        var output = helm.StandardOutput.ReadToEnd();
        helm.WaitForExit();
        if (helm.ExitCode != 0)
        {
            return null;
        }

        var printed = output.Split('\n').Single(line => line.StartsWith("out: ", StringComparison.Ordinal));
        return JsonNode.Parse(Convert.FromBase64String(printed["out: ".Length..]));
    }

    public void Dispose() => _chart.Delete(recursive: true);
}
