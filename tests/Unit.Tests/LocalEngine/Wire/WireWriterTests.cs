using Shortline.LocalEngine;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

public class WireWriterTests
{
    private readonly WireWriter _writer = new();

    [Fact]
    public void All_parts_are_read_back_in_order()
    {
        var at = _writer.Reserve(4);
        _writer.WriteVarUInt(ulong.MaxValue);
        _writer.WriteVarInt(long.MinValue);
        _writer.WriteByte(0xFF);
        _writer.WriteFixed32(uint.MaxValue);
        _writer.WriteFixed64(1ul << 63);
        _writer.WriteBytes([1, 2]);
        _writer.WriteText(null);
        _writer.WriteText("");
        BitConverter.TryWriteBytes(_writer.At(at, 4), _writer.Length);

        var reader = new WireReader(_writer.Written.ToArray());

        Assert.Equal((uint)_writer.Length, reader.ReadFixed32());
        Assert.Equal(ulong.MaxValue, reader.ReadVarUInt());
        Assert.Equal(long.MinValue, reader.ReadVarInt());
        Assert.Equal(0xFF, reader.ReadByte());
        Assert.Equal(uint.MaxValue, reader.ReadFixed32());
        Assert.Equal(1ul << 63, reader.ReadFixed64());
        Assert.Equal([1, 2], reader.ReadBytes(2).ToArray());
        Assert.Null(reader.ReadText());
        Assert.Equal("", reader.ReadText());
        Assert.True(reader.AtEnd);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(16382)]
    [InlineData(16383)]
    [InlineData(1 << 21)]
    public void A_length_filled_in_afterwards_takes_the_bytes_it_needs(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var opened = _writer.Open();
        _writer.WriteBytes(bytes);
        _writer.Close(opened);
        _writer.WriteByte(7);

        var block = new WireWriter();
        block.WriteBlock(bytes);
        block.WriteByte(7);
        Assert.Equal(block.Written, _writer.Written);
    }

    [Fact]
    public void A_large_buffer_is_not_kept()
    {
        _writer.WriteBytes(new byte[2 << 20]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        _writer.Clear();

        Assert.NotEqual(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(0, _writer.Length);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00 })]
    public void A_broken_number_is_refused(byte[] bytes) => Assert.Throws<WireFormatException>(() => new WireReader(bytes).ReadVarUInt());

    [Fact]
    public void A_length_beyond_the_end_is_refused_before_anything_is_allocated()
    {
        _writer.WriteVarUInt(int.MaxValue);
        var bytes = _writer.Written.ToArray();
        byte[] counted = [(byte)(bytes.Length + 1), .. bytes];

        Assert.Throws<WireFormatException>(() => new WireReader(bytes).ReadText());
        Assert.Throws<WireFormatException>(() => new WireReader(bytes).ReadBytes(-1).Length);
        Assert.Throws<WireFormatException>(() => WireType.Of(typeof(byte[])).Read(bytes));
        Assert.Throws<WireFormatException>(() => WireType.Of(typeof(int[])).Read(counted));
        Assert.Throws<WireFormatException>(() => WireType.Of(typeof(UpgradeTests.OldRow[])).Read(counted));
    }

    [Fact]
    public void Rows_without_columns_are_refused() =>
        Assert.Throws<WireFormatException>(() => WireType.Of(typeof(UpgradeTests.OldRow[])).Read([4, 2, 0, 0]));

    [Fact]
    public void A_text_that_is_not_UTF8_is_refused() => Assert.Throws<WireFormatException>(() => new WireReader(new byte[] { 2, 0xFF }).ReadText());

    [Fact]
    public void A_reader_stays_within_its_range()
    {
        var reader = new WireReader();
        reader.Reset([1, 2, 3, 4], 1, 2);

        Assert.Equal([2, 3], reader.ReadBytes(2).ToArray());
        Assert.True(reader.AtEnd);
        Assert.Throws<WireFormatException>(() => reader.ReadByte());
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Reset([1, 2], 1, 2));
    }
}
