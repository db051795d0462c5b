using System.Text;

namespace Shortline.System.Tests.Hostile;

/// <summary>The kinds of datagrams that a gateway must not be harmed by.</summary>
internal enum HostileKind
{
    /// <summary>Random bytes of random length.</summary>
    Random,

    /// <summary>Valid requests with a few bytes changed, inserted, removed or repeated.</summary>
    Mutated,

    /// <summary>Beginnings of valid requests.</summary>
    Truncated,

    /// <summary>What gateways and servers send, so that answering it would begin a loop.</summary>
    Answers,
}

/// <summary>Makes hostile datagrams. The same seed makes the same ones. Not safe for several threads.</summary>
internal sealed class HostileDatagrams(HostileKind kind, int seed)
{
    private const int MostBytes = 1500;
    private const int MostMutations = 8;

    // Nothing that a changed number makes expensive: work that is valid may take its time.
    private static readonly byte[][] Requests =
    [
        .. ((string[])
        [
            """{"id":"1","client_id":1000,"operation":"echo","payload":{"text":"the quick brown fox"},"timeout_ms":500,"idempotent":true,"priority":5}""",
            """{"id":18446744073709551615,"operation":"echo","payload":-1.5e-300}""",
            """{"id":"\ud83d\ude00\n","operation":"locate","payload":null,"timeout_ms":1}""",
            """{"id":"nested","payload":[[[[[[[[{"a":{"b":{"c":[1,2,3,null,true,false,-0.5e+10]}}}]]]]]]]]}""",
            """{"identity":"server_1","queue_length":3,"port":5000,"status":"ready","incarnation":7}""",
            """{"id":"f","operation":"file","payload":{"name":"../../etc/passwd","offset":0}}""",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    private static readonly byte[][] Responses =
    [
        .. ((string[])
        [
            """{"id":"1","client_id":1000,"status":"ok","server_id":"1","queue_length":0,"result":{"text":"the quick brown fox"},"elapsed_us":12}""",
            """{"id":"1","status":"invalid","error":"not_json"}""",
            """{"id":"2","status":"rejected","reason":"overloaded","retry_after_ms":100}""",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    private readonly Random _random = new(seed);
    private readonly byte[] _datagram = new byte[MostBytes];

    /// <summary>Makes the next datagram, which is overwritten by the one after it.</summary>
    public ReadOnlyMemory<byte> Next()
    {
        var source = (kind == HostileKind.Answers ? Responses : Requests) is var all ? all[_random.Next(all.Length)] : [];
        var length = kind switch
        {
            HostileKind.Random => FillRandom(),
            HostileKind.Truncated => Copy(source.AsSpan(0, _random.Next(source.Length))),
            HostileKind.Mutated => Mutate(Copy(source)),
            _ => Copy(source),
        };
        return _datagram.AsMemory(0, length);
    }

    private int FillRandom()
    {
        var length = _random.Next(MostBytes);
        _random.NextBytes(_datagram.AsSpan(0, length));
        return length;
    }

    private int Copy(ReadOnlySpan<byte> source)
    {
        source.CopyTo(_datagram);
        return source.Length;
    }

    private int Mutate(int length)
    {
        for (var left = _random.Next(1, MostMutations); left > 0; left--)
        {
            var at = _random.Next(length);
            var rest = _datagram.AsSpan(at, length - at);
            switch (_random.Next(5))
            {
                case 0:
                    rest[0] = (byte)_random.Next(256);
                    break;
                case 1:
                    rest[0] ^= (byte)(1 << _random.Next(8));
                    break;
                case 2 when length < MostBytes: // inserted
                    rest.CopyTo(_datagram.AsSpan(at + 1));
                    rest[0] = (byte)"{}[]\":,\\\0-9e"[_random.Next(12)];
                    length++;
                    break;
                case 3 when length > 1: // removed
                    rest[1..].CopyTo(rest);
                    length--;
                    break;
                default: // a part again, as far as there is room
                    var part = rest[..Math.Min(_random.Next(1, 32), Math.Min(rest.Length, MostBytes - length))];
                    part.CopyTo(_datagram.AsSpan(length));
                    length += part.Length;
                    break;
            }
        }

        return length;
    }
}
