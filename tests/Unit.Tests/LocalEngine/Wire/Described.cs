using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Shortline.LocalEngine;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

/// <summary>A value as a text that holds everything that travels of it, so that two can be compared.</summary>
internal static class Described
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        DateTimeOffset time => $"{time:O}",
        IDictionary dictionary => $"{{{string.Join(',', dictionary.Keys.Cast<object>().Select(key => $"{Of(key)}:{Of(dictionary[key])}"))}}}",
        _ when IsOf(value, typeof(ReadOnlyMemory<>)) => Of(value.GetType().GetMethod("ToArray")!.Invoke(value, null)),
        _ when IsOf(value, typeof(ImmutableArray<>)) && (bool)value.GetType().GetProperty("IsDefault")!.GetValue(value)! => "default",
        IEnumerable items => $"[{string.Join(',', items.Cast<object?>().Select(Of))}]",
        _ when Members.HasMembers(value.GetType()) => $"({string.Join(',', Members.Of(value.GetType()).Select(member => Of(Get(member.Info, value))))})",
        _ => $"{value}",
    };

    private static bool IsOf(object value, Type definition) =>
        value.GetType().IsGenericType && value.GetType().GetGenericTypeDefinition() == definition;

    private static object? Get(MemberInfo info, object value) =>
        info is PropertyInfo property ? property.GetValue(value) : ((FieldInfo)info).GetValue(value);
}
