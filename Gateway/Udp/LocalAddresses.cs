using Microsoft.Extensions.Logging;

namespace Shortline.Gateway.Udp;

/// <summary>
/// Numbers the addresses of this machine to which clients send, so that a request remembers its address in two bytes
/// (<see cref="PeerAddress.Local"/>). No number is used for a second address, because requests may still refer to the first. Thread-safe;
/// looking up a known address takes no lock.
/// </summary>
/// <param name="log">The log of the port; null for none.</param>
internal sealed partial class LocalAddresses(ILogger? log)
{
    /// <summary>
    /// The most addresses that are numbered. A machine has a handful, and a few more over time; only one that accepts whole networks as its
    /// own has more.
    /// </summary>
    internal const int Limit = 1024;

    /// <summary>The number that stands for no address.</summary>
    internal const ushort None = 0;

    // Half of the buckets stay empty, so that a search ends soon.
    private const int Buckets = 2 * Limit;

    private readonly Lock _lock = new();
    private readonly LocalAddress[] _addresses = new LocalAddress[Limit + 1];

    /// <summary>A hash table of numbers with open addressing. A number is written after its address.</summary>
    private readonly ushort[] _buckets = new ushort[Buckets];

    private volatile int _count;
    private bool _isLogged;

    /// <summary>The number of addresses so far.</summary>
    internal int Count => _count;

    /// <summary>Returns the number of an address, and numbers it if it is new; <see cref="None"/> if there are too many.</summary>
    internal ushort NumberOf(in LocalAddress address)
    {
        var number = Find(address, out _);
        return number == None ? Add(address) : number;
    }

    /// <summary>Returns the address with a number.</summary>
    /// <returns>False for <see cref="None"/> and for numbers that were never assigned.</returns>
    internal bool TryGet(ushort number, out LocalAddress address)
    {
        var isKnown = number != None && number <= _count;
        address = isKnown ? _addresses[number] : default;
        return isKnown;
    }

    /// <summary>The bucket at which the search for an address begins. It differs between processes.</summary>
    internal static int FirstBucket(in LocalAddress address) =>
        HashCode.Combine(address.Head, address.Tail, address.Interface) & (Buckets - 1);

    private ushort Add(in LocalAddress address)
    {
        if (_count == Limit && _isLogged)
            return None;
        lock (_lock)
        {
            var number = Find(address, out var bucket);
            if (number != None)
                return number;
            if (_count < Limit)
            {
                number = (ushort)(_count + 1);
                _addresses[number] = address;
                _count = number;
                Volatile.Write(ref _buckets[bucket], number);
                return number;
            }

            if (!_isLogged && log is not null)
                TooMany(log, Limit);
            _isLogged = true;
            return None;
        }
    }

    /// <summary>
    /// Returns the number of an address, or <see cref="None"/> and the empty bucket where the address belongs. Outside the lock the bucket
    /// means nothing: another thread may have filled it with another address.
    /// </summary>
    private ushort Find(in LocalAddress address, out int bucket)
    {
        bucket = FirstBucket(address);
        for (; Volatile.Read(ref _buckets[bucket]) is var number && number != None; bucket = (bucket + 1) & (Buckets - 1))
        {
            if (_addresses[number] == address)
                return number;
        }

        return None;
    }

    [LoggerMessage(2111, LogLevel.Warning,
        "Clients send datagrams to more than {Limit} addresses of this machine. Answers for the further ones leave from an address that "
        + "the system chooses, from which a client with a connected socket does not receive")]
    private static partial void TooMany(ILogger log, int limit);
}
