using Platz.Sandbox.Kubelet;

namespace Platz.Tests.Sandbox.Kubelet;

public sealed class CommandScriptTests
{
    [Fact]
    public void Understands_the_words_of_sample_charts()
    {
        var script = CommandScript.Parse("echo one 'two  three' >&2; sleep 0.5 && exit 3")!;

        Assert.Equal(
            [new CommandStep.Echo("one two  three"), new CommandStep.Sleep(TimeSpan.FromSeconds(0.5)),
                new CommandStep.Exit(3)],
            script.Steps);
    }

    [Fact]
    public void Runs_the_trap_when_it_is_stopped()
    {
        var script = CommandScript.Parse("trap \"echo bye; exit 1\" TERM; while true; do sleep 1; done")!;

        Assert.Equal([new CommandStep.Forever()], script.Steps);
        Assert.Equal([new CommandStep.Echo("bye"), new CommandStep.Exit(1)], script.OnTerm!.Steps);
    }

    [Theory]
    [InlineData("nginx -g 'daemon off;'")]
    [InlineData("echo ok; curl example.com")]
    public void Admits_what_it_does_not_understand(string text) => Assert.Null(CommandScript.Parse(text));
}
