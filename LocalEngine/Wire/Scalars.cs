using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Shortline.LocalEngine;

/// <summary>
/// The types that are written without looking into them. Found by reflection: <c>Write</c> by the type it takes, <c>Read…</c> by the type
/// it returns.
/// </summary>
internal static class Scalars
{
    private const int KindShift = 62;
    private const int DateTimeOffsetSize = sizeof(long) + sizeof(short);

    private static readonly Dictionary<Type, MethodInfo> Writers = Own(nameof(Write)).ToDictionary(method => method.GetParameters()[1].ParameterType);
    private static readonly Dictionary<Type, MethodInfo> Readers = Own("Read").ToDictionary(method => method.ReturnType);

    /// <summary>The method that writes the type; null if it is none of these.</summary>
    public static MethodInfo? WriterOf(Type type) => Writers.GetValueOrDefault(type);

    public static MethodInfo ReaderOf(Type type) => Readers[type];

    public static WireKind KindOf(Type type) =>
        type == typeof(float) ? WireKind.Fixed32
        : type == typeof(double) || type == typeof(DateTime) ? WireKind.Fixed64
        : type.IsPrimitive || type == typeof(TimeSpan) ? WireKind.VarInt
        : WireKind.Bytes;

    public static void Write(WireWriter writer, bool value) => writer.WriteVarUInt(value ? 1u : 0u);

    public static void Write(WireWriter writer, byte value) => writer.WriteVarUInt(value);

    public static void Write(WireWriter writer, sbyte value) => writer.WriteVarInt(value);

    public static void Write(WireWriter writer, ushort value) => writer.WriteVarUInt(value);

    public static void Write(WireWriter writer, short value) => writer.WriteVarInt(value);

    public static void Write(WireWriter writer, uint value) => writer.WriteVarUInt(value);

    public static void Write(WireWriter writer, int value) => writer.WriteVarInt(value);

    public static void Write(WireWriter writer, ulong value) => writer.WriteVarUInt(value);

    public static void Write(WireWriter writer, long value) => writer.WriteVarInt(value);

    public static void Write(WireWriter writer, char value) => writer.WriteVarUInt(value);

    public static void Write(WireWriter writer, TimeSpan value) => writer.WriteVarInt(value.Ticks);

    public static void Write(WireWriter writer, float value) => writer.WriteFixed32(BitConverter.SingleToUInt32Bits(value));

    public static void Write(WireWriter writer, double value) => writer.WriteFixed64(BitConverter.DoubleToUInt64Bits(value));

    public static void Write(WireWriter writer, DateTime value) => writer.WriteFixed64((ulong)value.Ticks | ((ulong)value.Kind << KindShift));

    public static void Write(WireWriter writer, DateTimeOffset value)
    {
        Span<byte> bytes = stackalloc byte[DateTimeOffsetSize];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value.Ticks);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[sizeof(long)..], (short)value.TotalOffsetMinutes);
        writer.WriteBlock(bytes);
    }

    public static void Write(WireWriter writer, Guid value) => writer.WriteBlock(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in value)));

    public static void Write(WireWriter writer, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        writer.WriteBlock(MemoryMarshal.AsBytes(parts));
    }

    public static void Write(WireWriter writer, string? value) => writer.WriteText(value);

    public static void Write(WireWriter writer, ReadOnlyMemory<byte> value) => writer.WriteBlock(value.Span);

    public static void Write(WireWriter writer, Memory<byte> value) => writer.WriteBlock(value.Span);

    public static void Write(WireWriter writer, byte[]? value)
    {
        if (value is null)
        {
            writer.WriteNull();
        }
        else
        {
            writer.WriteBlock(value);
        }
    }

    public static bool ReadBoolean(WireReader reader) => ReadUnsigned(reader, 1) != 0;

    public static byte ReadByte(WireReader reader) => (byte)ReadUnsigned(reader, byte.MaxValue);

    public static sbyte ReadSByte(WireReader reader) => (sbyte)ReadSigned(reader, sbyte.MinValue, sbyte.MaxValue);

    public static ushort ReadUInt16(WireReader reader) => (ushort)ReadUnsigned(reader, ushort.MaxValue);

    public static short ReadInt16(WireReader reader) => (short)ReadSigned(reader, short.MinValue, short.MaxValue);

    public static uint ReadUInt32(WireReader reader) => (uint)ReadUnsigned(reader, uint.MaxValue);

    public static int ReadInt32(WireReader reader) => (int)ReadSigned(reader, int.MinValue, int.MaxValue);

    public static ulong ReadUInt64(WireReader reader) => reader.ReadVarUInt();

    public static long ReadInt64(WireReader reader) => reader.ReadVarInt();

    public static char ReadChar(WireReader reader) => (char)ReadUnsigned(reader, char.MaxValue);

    public static TimeSpan ReadTimeSpan(WireReader reader) => new(reader.ReadVarInt());

    public static float ReadSingle(WireReader reader) => BitConverter.UInt32BitsToSingle(reader.ReadFixed32());

    public static double ReadDouble(WireReader reader) => BitConverter.UInt64BitsToDouble(reader.ReadFixed64());

    public static DateTime ReadDateTime(WireReader reader)
    {
        var value = reader.ReadFixed64();
        var ticks = value & ((1ul << KindShift) - 1);
        var kind = (DateTimeKind)(value >> KindShift);
        return ticks <= (ulong)DateTime.MaxValue.Ticks && kind <= DateTimeKind.Local ? new DateTime((long)ticks, kind) : throw OutOfRange();
    }

    public static DateTimeOffset ReadDateTimeOffset(WireReader reader)
    {
        var bytes = reader.ReadBlock(DateTimeOffsetSize);
        var minutes = BinaryPrimitives.ReadInt16LittleEndian(bytes[sizeof(long)..]);
        try
        {
            return new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(bytes), TimeSpan.FromMinutes(minutes));
        }
        catch (ArgumentException)
        {
            throw OutOfRange();
        }
    }

    public static Guid ReadGuid(WireReader reader) => MemoryMarshal.Read<Guid>(reader.ReadBlock(16));

    public static decimal ReadDecimal(WireReader reader)
    {
        try
        {
            return new decimal(MemoryMarshal.Cast<byte, int>(reader.ReadBlock(sizeof(decimal))));
        }
        catch (ArgumentException)
        {
            throw OutOfRange();
        }
    }

    public static string? ReadString(WireReader reader) => reader.ReadText();

    public static ReadOnlyMemory<byte> ReadReadOnlyMemory(WireReader reader) => ReadBytes(reader);

    public static Memory<byte> ReadMemory(WireReader reader) => ReadBytes(reader);

    public static byte[]? ReadBytes(WireReader reader) => reader.TryReadBlock(out var bytes) ? bytes.ToArray() : null;

    private static ulong ReadUnsigned(WireReader reader, ulong largest)
    {
        var value = reader.ReadVarUInt();
        return value <= largest ? value : throw OutOfRange();
    }

    private static long ReadSigned(WireReader reader, long smallest, long largest)
    {
        var value = reader.ReadVarInt();
        return value >= smallest && value <= largest ? value : throw OutOfRange();
    }

    private static WireFormatException OutOfRange() => new("A value is out of its type's range.");

    private static IEnumerable<MethodInfo> Own(string prefix) => typeof(Scalars).GetMethods(BindingFlags.Static | BindingFlags.Public)
        .Where(method => method.Name.StartsWith(prefix, StringComparison.Ordinal) && method.Name is not (nameof(ReaderOf) or nameof(WriterOf)));
}
