using System.Collections.Immutable;
using Orleans.Runtime;
using Shortline.GrainInterfaces;
using Shortline.LocalEngine;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

public class ScalarTests
{
    [Fact]
    public void Numbers_are_read_back()
    {
        Same<bool>(false, true);
        Same<byte>(0, 127, 255);
        Same<sbyte>(-128, -1, 0, 127);
        Same<short>(short.MinValue, 0, short.MaxValue);
        Same<ushort>(0, ushort.MaxValue);
        Same(int.MinValue, -1, 0, 63, 64, int.MaxValue);
        Same(0u, uint.MaxValue);
        Same(long.MinValue, 0, long.MaxValue);
        Same(0ul, ulong.MaxValue);
        Same('\0', 'a', '\uD800', '\uFFFF');
        Same(float.NaN, -0f, float.Epsilon, float.MaxValue);
        Same(double.NaN, -0d, double.Epsilon, double.NegativeInfinity);
        Same(decimal.MinValue, -0.0m, 1.10m, decimal.MaxValue);
        Same<int?>(null, 0, -5);
    }

    [Fact]
    public void Texts_are_read_back() => Same(null, "", "a", "é", new string('x', 41), new string('€', 41), new string('x', 42), new string('€', 50_000));

    [Fact]
    public void Times_are_read_back()
    {
        Same(TimeSpan.MinValue, TimeSpan.Zero, TimeSpan.MaxValue);
        Same(DateTime.MinValue, DateTime.MaxValue, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        Assert.Equal(DateTimeKind.Local, Back(new DateTime(5, DateTimeKind.Local)).Kind);
        Same(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(-14)));
        Assert.Equal(TimeSpan.FromMinutes(345), Back(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(345))).Offset);
    }

    [Fact]
    public void Identities_are_read_back()
    {
        Same(Guid.Empty, new Guid("00112233-4455-6677-8899-aabbccddeeff"));
        Assert.Null(Back<SiloAddress?>(null));
        Assert.Equal("S127.0.0.1:11111:7", $"{Back(new SiloAddress(11111, 7))}");
    }

    [Fact]
    public void Enums_keep_values_that_this_version_does_not_know()
    {
        Same(ServerStatus.Ready, (ServerStatus)1000, (ServerStatus)(-1));
        Same(Wide.Far, (Wide)ulong.MaxValue);
    }

    [Fact]
    public void Blocks_of_bytes_are_fresh_copies()
    {
        byte[] bytes = [1, 2, 3];
        Assert.Equal(bytes, Back(bytes));
        Assert.Equal(bytes, Back<ReadOnlyMemory<byte>>(bytes).ToArray());
        Assert.Equal(bytes, Back<Memory<byte>>(bytes).ToArray());
        Assert.True(Back(ReadOnlyMemory<byte>.Empty).IsEmpty);
        Assert.Null(Back<byte[]?>(null));
        Assert.Equal([], Back<byte[]>([]));
    }

    [Fact]
    public void Nothing_takes_no_bytes()
    {
        var writer = new WireWriter();
        Codec<Shortline.LocalEngine.Unit>.Write(writer, default);
        Assert.Equal(0, writer.Length);
        Assert.Equal(default, Codec<Shortline.LocalEngine.Unit>.Read(new WireReader()));
    }

    [Fact]
    public void Collections_are_read_back()
    {
        Items<int[]>([]);
        Items<int[]>([1, -2, 3]);
        Items<string?[]>(["a", null, ""]);
        Items<List<long>>([1, 2]);
        Items<IReadOnlyList<string>>(["a", "b"]);
        Items<IReadOnlyCollection<string>>(["a"]);
        Items<IList<int>>([1]);
        Items<IEnumerable<int>>(Enumerable.Range(0, 3));
        Items<HashSet<string>>(["a", "b"]);
        Items<ImmutableArray<int>>([]);
        Items<ImmutableArray<int>>([1, 2]);
        Items<Dictionary<string, int>>(new() { ["a"] = 1, ["b"] = 2 });
        Items<IReadOnlyDictionary<int, string?>>(new Dictionary<int, string?> { [1] = null });
        Items<int[][]>([[1], [], [2, 3]]);
        Items<(int, string)[]>([(1, "a"), (2, "b")]);
        Assert.Null(Back<List<int>?>(null));
        Assert.True(Back<ImmutableArray<int>>(default).IsDefault);
        Assert.Equal([1, 2], Back<ReadOnlyMemory<int>>(new[] { 1, 2 }).ToArray());
        Assert.Equal(['a'], Back<Memory<char>>(new[] { 'a' }).ToArray());
    }

    [Fact]
    public void Tuples_are_read_back()
    {
        Same((1, "a"), (0, null!));
        Same((1, 2L, "c", true, 0.5, Guid.Empty, 'x'));
        Same<(int, (string?, int?))?>(null, (1, (null, 2)));
    }

    [Fact]
    public void A_key_that_comes_twice_is_refused()
    {
        var pairs = WireType.Of(typeof((string, int)[])).Write(new[] { ("a", 1), ("a", 2) });

        Assert.Throws<WireFormatException>(() => WireType.Of(typeof(Dictionary<string, int>)).Read(pairs));
    }

    [Fact]
    public void References_are_written_by_the_connection()
    {
        Same<IGatewayObserver?>(null, new NumberedReference(7));
        Items<List<IGatewayObserver?>>([new NumberedReference(1), null]);
        Assert.Throws<InvalidOperationException>(() => Codec<IGatewayObserver>.Write(new WireWriter(), new NumberedReference(7)));
        Assert.Throws<WireFormatException>(() => WireType.Of(typeof(IServerGrain)).Read(WireType.Of(typeof(IGatewayObserver)).Write(new NumberedReference(7))));
    }

    private static void Same<T>(params T[] values) => Assert.All(values, value => Assert.Equal(value, Back(value)));

    private static void Items<T>(T items) => Assert.Equal(Described.Of(items), Described.Of(Back(items)));

    private static T Back<T>(T value)
    {
        var type = WireType.Of(typeof(T));
        return (T)type.Read(type.Write(value))!;
    }

    private enum Wide : ulong
    {
        Far = 1ul << 63,
    }
}
