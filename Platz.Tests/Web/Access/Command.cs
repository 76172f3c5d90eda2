using System.Linq.Expressions;
using System.Reflection;
using Platz.Core.Identity;

namespace Platz.Tests.Web.Access;

/// <summary>
/// One line of the table of commands. Like a <see cref="Route"/> it changes nothing, or what it takes is put back.
/// </summary>
/// <param name="Answer">What comes of it once it is known that the actor may.</param>
internal sealed record Command(MethodInfo Method, Rule Needs, string Answer, Func<World, Actor, Task> Call)
{
    /// <summary>Whether anything is to be seen in the answer.</summary>
    public Func<World, object, bool> Shows { get; init; } = (_, _) => true;

    /// <summary>What it takes away has to be put back.</summary>
    public bool Takes { get; init; }

    public string Name => $"{Method.DeclaringType!.Name}.{Method.Name}";

    public static Command Of<T>(Rule needs, string answer, Expression<Func<T, World, Actor, Task>> call)
        where T : notnull
    {
        var called = (MethodCallExpression)(call.Body is UnaryExpression { Operand: var inner } ? inner : call.Body);
        var run = call.Compile(preferInterpretation: true);
        return new Command(called.Method, needs, answer, (world, actor) => run(world.Get<T>(), world, actor));
    }

    public async Task<string> AnswerAsync(World world, Actor actor)
    {
        var task = Call(world, actor);
        await task;
        var result = task.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(task);
        var names = NamesOf(result);
        if (names.Contains(Answer))
        {
            return result is null || Shows(world, result) ? Rules.Done : Rules.Nothing;
        }

        return names[0] switch
        {
            "NotFound" or "null" => "404",
            "Forbidden" => "403",
            "Invalid" => "422",
            var other => other,
        };
    }

    private static string[] NamesOf(object? result) => result switch
    {
        null => ["null"],
        Enum => [$"{result}", result.GetType().Name],
        TokenResult.Refused(var why) => [why.GetType().Name],
        _ => [result.GetType().Name.Split('`')[0]],
    };
}
