namespace Shortline.LocalEngine;

/// <summary>A type of <see cref="Scalars"/>.</summary>
internal sealed class ScalarFormat<T>(Action<WireWriter, T> write, Func<WireReader, T> read) : Format<T>
{
    public override void Write(WireWriter writer, T value) => write(writer, value);

    public override T Read(WireReader reader) => read(reader);
}
