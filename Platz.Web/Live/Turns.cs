namespace Platz.Web.Live;

/// <summary>
/// The reads of one part of a page, one at a time: a change that comes during a read is followed after it, never
/// forgotten, and an older answer never takes the place of a newer one. For one circuit; nothing in a turn takes another.
/// </summary>
public sealed class Turns
{
    private Task _last = Task.CompletedTask;

    /// <returns>Ends when this turn does; its errors are its own.</returns>
    public Task TakeAsync(Func<Task> turn)
    {
        var mine = AfterAsync(_last, turn);
        _last = mine;
        return mine;
    }

    private static async Task AfterAsync(Task before, Func<Task> turn)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        await turn();
    }
}
