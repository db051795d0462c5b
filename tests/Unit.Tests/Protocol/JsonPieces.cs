using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Shortline.Unit.Tests.Protocol;

/// <summary>Generates bytes that are almost JSON, which find faults in a parser sooner than random bytes.</summary>
internal static class JsonPieces
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", " ", "\n", "\"", "\"id\":", "\"operation\":", "\"payload\":", "\"client_id\":", "\"timeout_ms\":",
        "\"idempotent\":", "\"a\"", "\"\\u0041\"", "\"\\ud83d\\ude00\"", "\"\\q\"", "\"é\"", "\"\\\"", "\"\u0001\"", "\"echo\"", "0", "-0", "-", "12", "007",
        "1.5", "1.", "1e5", "1e+", "1E-2", "true", "false", "null", "tru", "\0", "\u007f", "//", "{}", "[]", "[[]]", "{\"a\":{}}",
    ];

    private static readonly byte[][] Requests =
    [
        """{"id":"42","client_id":1000,"operation":"echo","payload":{"any":"json","n":[1,-2.5e3,true,null]},"timeout_ms":1000,"idempotent":true}"""u8.ToArray(),
        """ {"id" : 7 , "operation":"a.b-c_d", "payload":"\u00e9\ud83d\ude00\\\"", "later":[{},[]] } """u8.ToArray(),
    ];

    /// <summary>Pieces of JSON in random order.</summary>
    public static Arbitrary<byte[]> Soup() =>
        Gen.Elements(Pieces).ListOf().Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces))).ToArbitrary();

    /// <summary>Valid requests in which up to three times bytes are changed, inserted or removed.</summary>
    public static Arbitrary<byte[]> Mutated() =>
        (from request in Gen.Elements(Requests)
         from changes in Gen.Choose(0, 3)
         from seed in Gen.Choose(0, int.MaxValue - 1)
         select Mutate(request, changes, new Random(seed))).ToArbitrary();

    private static byte[] Mutate(byte[] request, int changes, Random random)
    {
        List<byte> bytes = [.. request];
        for (var i = 0; i < changes; i++)
        {
            var at = random.Next(bytes.Count);
            var value = random.Next(4) == 0 ? (byte)random.Next(256) : "{}[],:\"\\ 019-.eEtfnu"u8[random.Next(20)];
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = value;
                    break;
                case 1:
                    bytes.Insert(at, value);
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, random.Next(8)));
                    break;
            }
        }

        return [.. bytes];
    }
}
