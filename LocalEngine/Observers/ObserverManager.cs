using Microsoft.Extensions.Logging;
using Shortline.LocalEngine;

namespace Orleans.Utilities;

/// <summary>
/// The observers of a grain, each with a lease that subscribing again renews. One that lets it run out or fails is removed at the
/// next notification. Not safe for several threads: it belongs to one activation.
/// </summary>
/// <param name="expiration">How long a lease lasts.</param>
/// <param name="log">Told of observers that failed.</param>
public class ObserverManager<TIdentity, TObserver>(TimeSpan expiration, ILogger log)
    where TIdentity : notnull
{
    private readonly Dictionary<TIdentity, (TObserver Observer, DateTime SeenAt)> _observers = [];

    /// <summary>The clock.</summary>
    public Func<DateTime> GetDateTime { get; set; } = () => TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>How many there are, with those whose lease has run out.</summary>
    public int Count => _observers.Count;

    /// <summary>Adds an observer or renews its lease.</summary>
    public void Subscribe(TIdentity id, TObserver observer) => _observers[id] = (observer, GetDateTime());

    /// <summary>Removes those whose lease has run out.</summary>
    public void ClearExpired()
    {
        foreach (var (id, _) in _observers.Where(entry => IsExpired(entry.Value.SeenAt)).ToArray())
        {
            _observers.Remove(id);
        }
    }

    /// <summary>Calls each observer in turn and waits for each.</summary>
    public async Task Notify(Func<TObserver, Task> notification, Func<TObserver, bool>? predicate = null)
    {
        ClearExpired();
        foreach (var (id, (observer, seenAt)) in _observers.ToArray())
        {
            try
            {
                if (predicate?.Invoke(observer) != false)
                {
                    await notification(observer);
                }
            }
            catch (Exception exception)
            {
                Remove(id, seenAt, exception);
            }
        }
    }

    private bool IsExpired(DateTime seenAt) => seenAt + expiration < GetDateTime();

    private void Remove(TIdentity id, DateTime seenAt, Exception exception)
    {
        log.ObserverRemoved(exception);
        if (_observers.TryGetValue(id, out var entry) && entry.SeenAt == seenAt)
        {
            _observers.Remove(id);
        }
    }
}
