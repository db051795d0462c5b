using Shortline.LocalEngine;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

/// <summary><see cref="Codec{T}"/> for a type that is known at run time alone.</summary>
internal abstract class WireType
{
    public static WireType Of(Type type) => (WireType)Activator.CreateInstance(typeof(Typed<>).MakeGenericType(type))!;

    public abstract byte[] Write(object? value);

    /// <summary>Reads one value, which has to take all the bytes.</summary>
    public abstract object? Read(byte[] bytes);

    private sealed class Typed<T> : WireType
    {
        public override byte[] Write(object? value)
        {
            var writer = new WireWriter { References = new NumberedReferences() };
            Codec<T>.Write(writer, (T)value!);
            return writer.Written.ToArray();
        }

        public override object? Read(byte[] bytes)
        {
            var reader = new WireReader(bytes) { References = new NumberedReferences() };
            var value = Codec<T>.Read(reader);
            return reader.AtEnd ? value : throw new WireFormatException("There is more.");
        }
    }
}
