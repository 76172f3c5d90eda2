using System.Text.Json;

namespace Platz.Tests.Deploy;

/// <summary>The Dockerfile of the repository, read as far as its steps can be taken without a container engine.</summary>
internal sealed class Dockerfile
{
    private readonly List<Stage> _stages = [];

    private Dockerfile(IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            var (verb, rest) = line.Split(' ', 2, StringSplitOptions.TrimEntries) is [var first, var second]
                ? (first, second)
                : throw new InvalidDataException($"Not an instruction: {line}");
            if (verb == "FROM")
            {
                var words = rest.Split(' ');
                _stages.Add(new Stage(words[^1], From: words[0], []));
            }
            else
            {
                _stages[^1].Instructions.Add(new Instruction(verb, rest));
            }
        }
    }

    public static Dockerfile Read(string path) => new(File.ReadLines(path));

    /// <summary>What is done to make a stage, that of the stages it builds on first.</summary>
    public IReadOnlyList<Instruction> Steps(string name) =>
        _stages.Find(stage => stage.Name == name) is { } stage ? [.. Steps(stage.From), .. stage.Instructions] : [];

    public IReadOnlyDictionary<string, string> Environment(string stage) => Steps(stage)
        .Where(step => step.Verb == "ENV")
        .SelectMany(step => step.Rest.Split(' '))
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1]);

    public string[] Entrypoint(string stage) =>
        JsonSerializer.Deserialize<string[]>(Steps(stage).Single(step => step.Verb == "ENTRYPOINT").Rest)!;

    internal sealed record Instruction(string Verb, string Rest);

    private sealed record Stage(string Name, string From, List<Instruction> Instructions);
}
