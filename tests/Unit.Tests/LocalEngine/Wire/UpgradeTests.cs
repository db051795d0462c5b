using Orleans;
using Shortline.LocalEngine;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

/// <summary>Two versions of a type, each reading what the other one wrote, alone and in arrays.</summary>
public class UpgradeTests
{
    [Fact]
    public void A_new_version_reads_what_an_old_one_wrote()
    {
        var read = Convert<Old, New>(new Old { Name = "a", Count = 2, Gone = 3 });

        Assert.Equal(("a", 2, 5, "none", 1.5), (read.Name, read.Count, read.Weight, read.Inner.Value, read.Share));
    }

    [Fact]
    public void An_old_version_reads_what_a_new_one_wrote()
    {
        var read = Convert<New, Old>(new New { Name = "a", Count = 2, Weight = 0, Share = 0.25, Inner = new Text("long".PadLeft(200)), When = 7 });

        Assert.Equal(("a", 2, 9), (read.Name, read.Count, read.Gone));
    }

    [Fact]
    public void A_zero_is_not_taken_for_the_default_of_the_reader()
    {
        Assert.Equal(0, Convert<New, New>(new New { Weight = 0 }).Weight);
        Assert.Null(Convert<New, New>(new New { Name = null }).Name);
        Assert.Equal(0, Convert<Plain, WithDefault>(new Plain()).Value);
    }

    [Fact]
    public void Rows_of_a_new_version_are_read_by_an_old_one()
    {
        var read = Convert<NewRow[], OldRow[]>([.. Enumerable.Range(0, 100).Select(
            index => new NewRow { Ticket = index, Name = $"n{index}", Share = index, Small = index, Length = -index })]);

        Assert.Equal(Enumerable.Range(0, 100).Select(index => (index, -index)), read.Select(row => ((int)row.Ticket, row.Length)));
    }

    [Fact]
    public void Rows_of_an_old_version_are_read_by_a_new_one()
    {
        var read = Convert<OldRow[], NewRow[]>([.. Enumerable.Range(0, 100).Select(index => new OldRow { Ticket = index, Length = 5, Gone = 6 })]);

        Assert.Equal(100, read.Length);
        Assert.All(read, row => Assert.Equal((5, null, 0d, 0f), (row.Length, row.Name, row.Share, row.Small)));
        Assert.Equal(99, read[99].Ticket);
    }

    [Fact]
    public void Rows_keep_the_defaults_of_their_constructor()
    {
        Assert.Equal([4, 4], Convert<OldRow[], RowWithDefault[]>(new OldRow[2]).Select(row => row.Weight));
        Assert.Equal([0, 1], Convert<RowWithDefault[], RowWithDefault[]>([new() { Weight = 0 }, new() { Weight = 1 }]).Select(row => row.Weight));
    }

    [Fact]
    public void A_tuple_may_grow() => Assert.Equal((1, "a", 0), Convert<(int, string), (int, string, int)>((1, "a")));

    [Fact]
    public void Parameters_of_a_record_keep_their_defaults()
    {
        Assert.Equal(new Grown("a", 7) { Later = 3 }, Convert<Text, Grown>(new Text("a")));
        Assert.Equal(new Grown("a", 8) { Later = 4 }, Convert<Grown, Grown>(new Grown("a", 8) { Later = 4 }));
        Assert.Equal(new Text("a"), Convert<Grown, Text>(new Grown("a", 8)));
    }

    [Fact]
    public void A_member_that_changed_its_kind_is_refused()
    {
        Assert.Throws<WireFormatException>(() => Convert<Text, Plain>(new Text("a")));
        Assert.Throws<WireFormatException>(() => Convert<OldRow[], OtherRow[]>(new OldRow[1]));
    }

    private static TTo Convert<TFrom, TTo>(TFrom value) => (TTo)WireType.Of(typeof(TTo)).Read(WireType.Of(typeof(TFrom)).Write(value))!;

    [GenerateSerializer]
    internal sealed class Old
    {
        [Id(0)] public string? Name { get; set; }

        [Id(1)] public int Count { get; set; }

        [Id(2)] public long Gone { get; set; } = 9;
    }

    [GenerateSerializer]
    internal sealed record New
    {
        [Id(40)] public string Far { get; init; } = "";

        [Id(7)] public float When { get; init; }

        [Id(4)] public required Text Inner { get; init; }

        [Id(3)] public int Weight { get; init; } = 5;

        [Id(1)] public int Count { get; init; } = 1;

        [Id(0)] public string? Name = "unnamed";

        [Id(5)] public double Share { get; internal set; }

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public New()
        {
            Inner = new Text("none");
            Share = 1.5;
        }
    }

    [GenerateSerializer]
    internal sealed record Text([property: Id(0)] string Value);

    [GenerateSerializer]
    internal sealed record Grown([property: Id(0)] string Value, [property: Id(1)] int Number = 7)
    {
        [Id(2)] public int Later { get; init; } = 3;
    }

    [GenerateSerializer]
    internal sealed class Plain
    {
        [Id(0)] public int Value { get; set; }
    }

    [GenerateSerializer]
    internal sealed class WithDefault
    {
        [Id(0)] public int Value { get; set; } = 7;
    }

    [GenerateSerializer]
    internal readonly record struct OldRow
    {
        [Id(0)] public long Ticket { get; init; }

        [Id(2)] public int Length { get; init; }

        [Id(3)] public int Gone { get; init; }
    }

    [GenerateSerializer]
    internal struct NewRow
    {
        [Id(5)] public float Small;

        [Id(4)] public double Share;

        [Id(2)] public int Length { get; init; }

        [Id(1)] public string? Name { get; init; }

        [Id(0)] public long Ticket;
    }

    [GenerateSerializer]
    internal struct RowWithDefault
    {
        public RowWithDefault()
        {
        }

        [Id(9)] public int Weight { get; set; } = 4;
    }

    [GenerateSerializer]
    internal readonly record struct OtherRow([property: Id(0)] string Ticket);
}
