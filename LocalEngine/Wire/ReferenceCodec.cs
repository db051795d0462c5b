namespace Shortline.LocalEngine;

/// <summary>How references to grains and observers travel. Null is not its business.</summary>
internal abstract class ReferenceCodec
{
    public abstract void Write(WireWriter writer, object reference);

    /// <param name="reader">Ends where the reference ends.</param>
    /// <param name="interfaceType">What the reference has to implement.</param>
    public abstract object Read(WireReader reader, Type interfaceType);
}
