namespace Platz.Web.Live;

/// <summary>
/// What keeps the pages of a circuit live: tells them that what they show has changed, and reads it for them, once for
/// all circuits that show the same. A page in a hidden tab rests. One per circuit.
/// </summary>
public sealed class TaskFeed(ChangeFeed changes, SharedReads reads, Visibility visibility)
{
    /// <param name="onChange">Reads again and shows; never called twice at a time, nor once disposed.</param>
    public IDisposable Subscribe(Topic topic, Func<Task> onChange) => Subscribe(topic, _ => onChange());

    /// <summary>Before the first read: what changes during it is told.</summary>
    public IDisposable Subscribe(Topic topic, Func<long, Task> onChange) => Subscribe(topic, Sequence, onChange);

    /// <summary>After the first read, where only that says what to subscribe to.</summary>
    /// <inheritdoc cref="ChangeFeed.Subscribe(Topic, Visibility, long, Func{long, Task}, TimeSpan?)"/>
    public IDisposable Subscribe(Topic topic, long since, Func<long, Task> onChange) =>
        changes.Subscribe(topic, visibility, since, onChange);

    /// <summary>The number of the change that was told last: a read that begins now sees it.</summary>
    public long Sequence => changes.Sequence;

    /// <inheritdoc cref="SharedReads.ReadAsync"/>
    public Task<T> ReadAsync<T>(object view, long? since, Func<Task<T>> read) => reads.ReadAsync(view, since, read);
}

public static class LiveViews
{
    public static IServiceCollection AddLiveViews(this IServiceCollection services) => services
        .AddSingleton<ChangeFeed>()
        .AddHostedService(provider => provider.GetRequiredService<ChangeFeed>())
        .AddSingleton<SharedReads>()
        .AddScoped<Visibility>()
        .AddScoped<TaskFeed>()
        .AddScoped<Ticker>();
}
