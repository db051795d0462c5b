using Orleans;
using Shortline.LocalEngine;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

public class UnsupportedTypeTests
{
    [Theory]
    [InlineData(typeof(object), "System.Object")]
    [InlineData(typeof(Stream), "System.IO.Stream")]
    [InlineData(typeof(int[,]), "System.Int32[,]")]
    [InlineData(typeof(List<Shortline.LocalEngine.Unit>), "Unit")]
    [InlineData(typeof(Unmarked), nameof(Unmarked))]
    [InlineData(typeof(Outer), "Outer.Things")]
    [InlineData(typeof(Dictionary<string, Outer?[]>), "Outer.Things")]
    [InlineData(typeof(ReadOnly), "ReadOnly.Value")]
    [InlineData(typeof(Twice), "First and Second")]
    public void A_type_that_cannot_travel_is_refused_by_name_each_time(Type type, string named)
    {
        var wire = WireType.Of(type);
        Assert.Contains(named, Assert.Throws<NotSupportedException>(() => wire.Read([0])).Message);
        Assert.Contains(named, Assert.Throws<NotSupportedException>(() => wire.Write(null)).Message);
    }

    [Fact]
    public void A_derived_class_is_not_cut_to_its_base() => Assert.Contains(
        nameof(Derived), Assert.Throws<NotSupportedException>(() => Codec<Base>.Write(new WireWriter(), new Derived())).Message);

    [Fact]
    public void A_class_that_contains_itself_travels_as_deep_as_is_allowed()
    {
        var wire = WireType.Of(typeof(Node));
        Node? nodes = null;
        for (var depth = 0; depth < WireWriter.MaxDepth; depth++)
        {
            nodes = new Node { Next = nodes };
        }

        Assert.Equal(Described.Of(nodes), Described.Of(wire.Read(wire.Write(nodes))));
        Assert.Throws<NotSupportedException>(() => wire.Write(new Node { Next = nodes }));
        nodes!.Next = nodes;
        Assert.Throws<NotSupportedException>(() => wire.Write(nodes));
    }

    [Fact]
    public void Depth_without_end_is_refused()
    {
        byte[] nested = [1];
        for (var depth = 0; depth <= WireWriter.MaxDepth; depth++)
        {
            var writer = new WireWriter();
            writer.WriteBlock([Tag, .. nested]);
            nested = writer.Written.ToArray();
        }

        Assert.Throws<WireFormatException>(() => WireType.Of(typeof(Node)).Read(nested));
    }

    [Fact]
    public void Ids_follow_from_the_order_of_a_records_parameters()
    {
        var wire = WireType.Of(typeof(Implicit));
        Assert.Equal(new Implicit("a", 2) { Own = 3 }, wire.Read(wire.Write(new Implicit("a", 2) { Own = 3 })));
        Assert.Equal(3, Members.Of(typeof(Implicit)).Count);
    }

    /// <summary>Member 0, in bytes.</summary>
    private const byte Tag = 3;

    internal sealed class Unmarked;

    [GenerateSerializer]
    internal sealed class Outer
    {
        [Id(0)] public List<Inner> Parts { get; set; } = [];

        [Id(1)] public IReadOnlyList<object> Things { get; set; } = [];
    }

    [GenerateSerializer]
    internal sealed class Inner
    {
        [Id(0)] public Outer? Back { get; set; }
    }

    [GenerateSerializer]
    internal sealed class ReadOnly(int value)
    {
        [Id(0)] public int Value { get; } = value;
    }

    [GenerateSerializer]
    internal sealed class Twice
    {
        [Id(0)] public int First { get; set; }

        [Id(0)] public int Second { get; set; }
    }

    [GenerateSerializer]
    internal class Base
    {
        [Id(0)] public int Value { get; set; }
    }

    [GenerateSerializer]
    internal sealed class Derived : Base;

    [GenerateSerializer]
    internal sealed class Node
    {
        [Id(0)] public Node? Next { get; set; }
    }

    [GenerateSerializer]
    internal sealed record Implicit(string Name, int Count)
    {
        public Implicit()
            : this("", 0)
        {
        }

        [Id(0)] public int Own { get; init; }
    }
}
