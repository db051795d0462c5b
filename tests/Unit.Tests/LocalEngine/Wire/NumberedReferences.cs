using Shortline.LocalEngine;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

/// <summary>References that are numbers.</summary>
internal sealed class NumberedReferences : ReferenceCodec
{
    public override void Write(WireWriter writer, object reference) => writer.WriteVarInt(((NumberedReference)reference).Number);

    public override object Read(WireReader reader, Type interfaceType) => new NumberedReference(reader.ReadVarInt());
}
