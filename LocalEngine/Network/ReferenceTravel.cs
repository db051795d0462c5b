using Orleans;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>How references travel: a grain by its id, an observer with the process it lives in.</summary>
internal sealed class ReferenceTravel(ClusterNetwork network) : ReferenceCodec
{
    public override void Write(WireWriter writer, object reference)
    {
        if (reference is not GrainReference known)
        {
            throw new ArgumentException(
                reference is IGrainObserver
                    ? $"A {reference.GetType()} is passed to a grain as a reference: CreateObjectReference makes one."
                    : $"A {reference.GetType()} is passed on as a reference: AsReference makes one.",
                nameof(reference));
        }

        writer.WriteText(known.Target switch
        {
            RemoteObserver observer => observer.Process,
            ObserverTarget => network.Identity,
            _ => null,
        });
        writer.WriteText(known.GrainId.Kind);
        writer.WriteText(known.GrainId.KeyText);
    }

    public override object Read(WireReader reader, Type interfaceType)
    {
        var process = reader.ReadText();
        var id = new GrainId(reader.ReadText() ?? "", reader.ReadText() ?? "");
        return network.PartyOf(id).Refer(id, interfaceType, process is null ? null : network.ObserverOf(process, id));
    }
}
