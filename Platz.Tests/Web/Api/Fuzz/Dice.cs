namespace Platz.Tests.Web.Api.Fuzz;

/// <summary>Chance that comes the same for the same seed.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public int To(int most) => _random.Next(most);

    public bool Falls(int oneIn) => _random.Next(oneIn) == 0;

    public T Of<T>(params IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    public string Bytes(int length, int from = 0) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)_random.Next(from, 256)));

    public Guid Id()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
