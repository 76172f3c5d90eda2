using System.Buffers;

namespace Platz.Core.Tasks;

/// <summary>
/// Replaces known secret values by <c>•••</c>, also where they are encoded (base64, URL, JSON, hex) or coloured, and
/// what looks like a secret anyway: private keys, JSON web tokens, AWS key ids, tokens of ours. Values of less than six
/// characters are left alone, or ordinary words would vanish. Of a value of several lines each line is a secret too, so
/// give the token of a kubeconfig, not the whole file. One instance may serve many threads.
/// </summary>
public sealed class Redactor(IEnumerable<string> secrets)
{
    public const string Mask = "•••";

    private readonly SecretAutomaton _automaton = new(secrets.SelectMany(SecretForms.Of).Distinct());

    public string Redact(string text)
    {
        var output = new ArrayBufferWriter<char>(Math.Max(1, text.Length));
        var pass = Start();
        pass.Append(text, output);
        pass.Complete(output);
        return output.WrittenSpan.SequenceEqual(text) ? text : output.WrittenSpan.ToString();
    }

    /// <summary>The same for text that comes in pieces.</summary>
    internal Redaction Start() => new(_automaton);
}
