namespace Shortline.LocalEngine;

/// <summary>A dictionary or one of its interfaces, as pairs; its comparer does not travel.</summary>
internal sealed class DictionaryFormat<TDictionary, TKey, TValue> : SequenceFormat<TDictionary, (TKey Key, TValue Value)>
    where TDictionary : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    protected override ReadOnlySpan<(TKey Key, TValue Value)> ItemsOf(TDictionary sequence) =>
        sequence.Select(pair => (pair.Key, pair.Value)).ToArray();

    protected override TDictionary Make((TKey Key, TValue Value)[] items)
    {
        var dictionary = new Dictionary<TKey, TValue>(items.Length);
        foreach (var (key, value) in items)
        {
            if (key is null || !dictionary.TryAdd(key, value))
            {
                throw new WireFormatException("A dictionary has a key twice, or none.");
            }
        }

        return (TDictionary)(object)dictionary;
    }
}
