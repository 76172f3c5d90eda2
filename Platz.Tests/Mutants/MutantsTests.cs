using System.Text.RegularExpressions;
using Platz.Tests.Support;

namespace Platz.Tests.Mutants;

/// <summary>The list of guards is about what is there. Whether each is missed, <c>./platz mutants</c> says.</summary>
public sealed partial class MutantsTests
{
    private static readonly List<Mutant> s_mutants = Mutant.ReadAll();

    private static readonly HashSet<string> s_tests =
    [
        .. from type in typeof(MutantsTests).Assembly.GetTypes()
           where type is { IsClass: true, IsAbstract: false }
           from method in type.GetMethods()
           where method.IsDefined(typeof(FactAttribute), inherit: true)
           from name in new[] { type.Name, $"{type.Name}.{method.Name}" }
           select name,
    ];

    [Fact]
    public void Each_has_a_name_of_its_own_and_says_what_it_guards()
    {
        Assert.Distinct(s_mutants.Select(mutant => mutant.Name));
        Assert.All(s_mutants, mutant => Assert.Matches(Name, mutant.Name));
        Assert.All(s_mutants, mutant => Assert.EndsWith(".", mutant.Guard, StringComparison.Ordinal));
        Assert.All(s_mutants, mutant => Assert.NotEmpty(mutant.Cuts));
    }

    [Fact]
    public void What_is_taken_out_is_in_its_file_once_and_what_comes_there_is_something_else() =>
        Assert.All(s_mutants.SelectMany(mutant => mutant.Cuts), cut =>
        {
            var text = File.ReadAllText(Path.Combine(Repository.Root, cut.File));
            Assert.Equal((cut.Find, 1), (cut.Find, Count(text, cut.Find)));
            Assert.NotNull(cut.Put);
            Assert.NotEqual(cut.Find, cut.Put);
        });

    [Fact]
    public void Whoever_is_to_miss_it_is_a_test() => Assert.All(s_mutants, mutant =>
    {
        Assert.NotEmpty(mutant.Tests);
        Assert.All(mutant.Tests, test => Assert.Contains(test, s_tests));
    });

    private static int Count(string text, string find) =>
        find.Length == 0 ? 0 : (text.Length - text.Replace(find, "", StringComparison.Ordinal).Length) / find.Length;

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex Name { get; }
}
