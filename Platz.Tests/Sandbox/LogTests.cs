using System.Text;
using System.Text.Json.Nodes;
using Platz.Sandbox.Faults;
using Platz.Tests.Support;

namespace Platz.Tests.Sandbox;

public sealed class LogTests(SandboxServer sandbox) : IClassFixture<SandboxServer>
{
    private const int Fifty = 50 * 1024 * 1024;

    [Fact]
    public async Task Gives_the_bytes_as_they_were_written()
    {
        byte[] output = [.. "before\0after\n"u8, 0xff, 0xfe, (byte)'\n', .. "end without newline"u8];
        await RunHelmAsync("bytes", new HelmScript { Base64 = Convert.ToBase64String(output) });

        using var client = sandbox.Client();
        Assert.Equal(output, await client.GetByteArrayAsync(Log("bytes"), Cancel));
    }

    [Theory]
    [InlineData("lines", "0123456789abcde\n")]
    [InlineData("one-line", "0123456789abcdef")]
    public async Task Streams_fifty_megabytes(string name, string pattern)
    {
        await RunHelmAsync(name, new HelmScript { Pattern = pattern, Size = Fifty });

        Assert.Equal((Fifty, pattern.EndsWith('\n') ? Fifty / 16 : 0), await CountAsync($"{Log(name)}?follow=true"));
        var (bytes, _) = await CountAsync($"{Log(name)}?timestamps=true");
        Assert.Equal(Fifty + (pattern.EndsWith('\n') ? Fifty / 16 : 1) * 31L, bytes);
    }

    [Fact]
    public async Task Cuts_by_lines_bytes_and_time()
    {
        await RunHelmAsync("cuts", new HelmScript { Text = "one\ntwo\nthree\nfour" });

        Assert.Equal("three\nfour", await ReadAsync("cuts", "tailLines=2"));
        Assert.Equal("", await ReadAsync("cuts", "tailLines=0"));
        Assert.Equal("one\ntwo\nthree\nfour", await ReadAsync("cuts", "tailLines=9"));
        Assert.Equal("one\nt", await ReadAsync("cuts", "limitBytes=5"));
        Assert.Equal("four", await ReadAsync("cuts", "tailLines=1&sinceSeconds=600"));
        Assert.Equal("", await ReadAsync("cuts", "sinceTime=2100-01-01T00:00:00Z"));
    }

    [Fact]
    public async Task Resumes_at_the_very_line_by_its_timestamp()
    {
        await RunHelmAsync("resume",
            new HelmScript { Text = "one\ntwo\n", Pattern = "more\n", Size = 15, Seconds = 0.4 });
        var lines = (await ReadAsync("resume", "timestamps=true")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Length, lines.Select(line => line.Split(' ')[0]).Distinct().Count());

        for (var index = 0; index < lines.Length; index++)
        {
            var since = Uri.EscapeDataString(lines[index].Split(' ')[0]);
            var rest = await ReadAsync("resume", $"timestamps=true&sinceTime={since}");
            Assert.Equal(lines[index..], rest.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        var tail = await ReadAsync("resume", "timestamps=true&tailLines=1");
        Assert.Equal(lines[^1], tail.TrimEnd('\n'));
    }

    [Fact]
    public async Task Waits_to_start_and_then_follows_to_the_end()
    {
        await EnsureNamespaceAsync();
        await sandbox.CreatePodAsync("logs", "early", Cancel, "echo up; sleep 0.6; echo down");
        var refusal = await sandbox.GetAsync("/api/v1/namespaces/logs/pods/early/log?follow=true", Cancel);
        Assert.Equal("container \"c\" in pod \"early\" is waiting to start: ContainerCreating",
            (string?)refusal["message"]);
        await sandbox.PodUntilAsync("logs", "early", pod => (string?)pod["status"]!["phase"] == "Running", Cancel);

        Assert.Equal("up\ndown\n", await ReadAsync("early", "follow=true"));
    }

    [Fact]
    public async Task Breaks_off_in_the_middle_when_told_to()
    {
        await RunHelmAsync("broken", new HelmScript { Text = "a long first line\nand a second\n" });
        sandbox.Faults.CutNextLog(10);

        using var client = sandbox.Client();
        using var response = await client.GetAsync(Log("broken"), HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var body = await response.Content.ReadAsStreamAsync(Cancel);
        using var received = new MemoryStream();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(received, Cancel));

        Assert.Equal("a long fir", Encoding.UTF8.GetString(received.ToArray()));
        Assert.Equal("a long first line\nand a second\n", await ReadAsync("broken", ""));
    }

    private async Task RunHelmAsync(string name, HelmScript script)
    {
        await EnsureNamespaceAsync();
        sandbox.Faults.Add(script with { Pod = name });
        await sandbox.PostAsync("/api/v1/namespaces/logs/pods", $$$"""
            {"metadata":{"name":"{{{name}}}"},"spec":{"restartPolicy":"Never","containers":
            [{"name":"helm","image":"alpine/helm:3.18.0","args":["list"]}]}}
            """, Cancel);
        await sandbox.PhaseAsync("logs", name, "Succeeded", Cancel);
    }

    /// <summary>Bytes and newlines, without keeping them.</summary>
    private async Task<(long Bytes, int Lines)> CountAsync(string path)
    {
        using var client = sandbox.Client();
        await using var body = await client.GetStreamAsync(new Uri(path, UriKind.Relative), Cancel);
        var buffer = new byte[256 * 1024];
        var (bytes, lines) = (0L, 0);
        while (await body.ReadAsync(buffer, Cancel) is var read and > 0)
        {
            bytes += read;
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return (bytes, lines);
    }

    private Task<JsonNode> EnsureNamespaceAsync() =>
        sandbox.PostAsync("/api/v1/namespaces", """{"metadata":{"name":"logs"}}""", Cancel);

    private Task<string> ReadAsync(string pod, string query) => sandbox.LogAsync("logs", pod, Cancel, query);

    private static string Log(string pod) => $"/api/v1/namespaces/logs/pods/{pod}/log";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
