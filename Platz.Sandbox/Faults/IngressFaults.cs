using Platz.Sandbox.Ingress;

namespace Platz.Sandbox.Faults;

/// <summary>What can be made to go wrong between a client and what stands behind an ingress.</summary>
public sealed class IngressFaults
{
    private readonly Lock _gate = new();
    private readonly List<IngressFault> _answers = [];

    public IngressCertificate Certificate { get; set; }

    /// <summary>Connections are cut before a word is said.</summary>
    public bool IsDown { get; set; }

    public void Add(IngressFault fault)
    {
        lock (_gate)
        {
            _answers.Add(fault);
        }
    }

    internal ScriptedAnswer? TakeAnswer(string host, string method, string path)
    {
        lock (_gate)
        {
            if (_answers.FirstOrDefault(fault => fault.Concerns(host, method, path)) is not { } found)
            {
                return null;
            }

            var place = _answers.IndexOf(found);
            if (found.Count > 1)
            {
                _answers[place] = found with { Count = found.Count - 1 };
            }
            else
            {
                _answers.RemoveAt(place);
            }

            return found.Answer;
        }
    }

    internal void Reset()
    {
        lock (_gate)
        {
            _answers.Clear();
        }

        Certificate = IngressCertificate.Valid;
        IsDown = false;
    }
}

/// <summary>
/// The next <paramref name="Count"/> requests that fit <paramref name="Answer"/> (and the host, if one is given) get it
/// instead of what is scripted.
/// </summary>
public sealed record IngressFault(ScriptedAnswer Answer, int Count = 1, string? Host = null)
{
    public bool Concerns(string host, string method, string path) =>
        (Host is null || Host.Equals(host, StringComparison.OrdinalIgnoreCase)) && Answer.Fits(method, path);
}
