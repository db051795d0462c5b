using Orleans.Runtime;
using Shortline.LocalEngine;

namespace Orleans;

/// <summary>What can be asked of a grain or of a reference to one.</summary>
public static class GrainExtensions
{
    /// <summary>A reference to this grain, or to what this reference refers to, to pass on.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) => (TGrainInterface)(object)(grain switch
    {
        GrainReference other => other.Runtime.Refer(other.GrainId, typeof(TGrainInterface), other.Target),
        IGrainBase { GrainContext: Activation own } => own.Silo.Refer(own.GrainId, typeof(TGrainInterface), own),
        _ => throw NotAGrain(grain),
    });

    /// <summary>The grain's key.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain switch
    {
        GrainReference other => other.GrainId.KeyText,
        IGrainBase { GrainContext: Activation own } => own.GrainId.KeyText,
        _ => throw NotAGrain(grain),
    };

    private static ArgumentException NotAGrain(IAddressable grain) =>
        new($"A {grain.GetType()} is neither a grain nor a reference to one.", nameof(grain));
}
