namespace Shortline.LocalEngine;

/// <summary>Who a grain or an observer is, wherever it is: kind and key, written <c>kind/key</c>.</summary>
internal readonly record struct GrainId(string Type, string Key)
{
    public override string ToString() => $"{Type}/{Key}";
}
