using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Utilities;

/// <summary>Observers that are told apart by their references.</summary>
/// <param name="expiration">How long a lease lasts.</param>
/// <param name="log">Told of observers that failed.</param>
public class ObserverManager<TObserver>(TimeSpan expiration, ILogger log) : ObserverManager<IAddressable, TObserver>(expiration, log);
