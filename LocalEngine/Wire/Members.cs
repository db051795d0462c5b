using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans;

namespace Shortline.LocalEngine;

/// <summary>
/// Finds what travels of a type: members with an <see cref="IdAttribute"/>, the parameters of a record in their order, the items of a
/// tuple.
/// </summary>
internal static class Members
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Ids that follow from the order of a record's parameters begin here, as in Orleans apart from those that were given.</summary>
    private const uint FirstOfParameters = 1 << 16;

    private const uint LargestId = uint.MaxValue >> 3;

    public static bool HasMembers(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) || IsTuple(type);

    /// <summary>By id.</summary>
    public static IReadOnlyList<Member> Of(Type type)
    {
        List<Member> members = [];
        if (IsTuple(type))
        {
            members.AddRange(type.GetGenericArguments().Select((item, index) => new Member((uint)index, type.GetField($"Item{index + 1}")!, item)));
            return members;
        }

        var parameters = IsRecord(type) ? ConstructorOfMembers(type)?.GetParameters() ?? [] : [];
        foreach (var info in type.GetMembers(Instance).Where(info => info is PropertyInfo or FieldInfo))
        {
            if (IdOf(info, parameters) is { } id)
            {
                members.Add(Checked(type, new Member(id, info, info is PropertyInfo property ? property.PropertyType : ((FieldInfo)info).FieldType)));
            }
        }

        if (members.GroupBy(member => member.Id).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new NotSupportedException($"{type}: {string.Join(" and ", twice.Select(member => member.Info.Name))} have the same id.");
        }

        return [.. members.OrderBy(member => member.Id)];
    }

    /// <summary>What makes a value to begin with: without parameters, or the one whose parameters are all members.</summary>
    public static ConstructorInfo? ConstructorOf(Type type) => type.GetConstructor(Instance, []) ?? ConstructorOfMembers(type);

    private static ConstructorInfo? ConstructorOfMembers(Type type) => type.GetConstructors(Instance)
        .Where(constructor => constructor.GetParameters() is { Length: > 0 } parameters && Array.TrueForAll(
            parameters, parameter => type.GetProperty(parameter.Name!, Instance)?.PropertyType == parameter.ParameterType))
        .MaxBy(constructor => constructor.GetParameters().Length);

    private static bool IsTuple(Type type) =>
        type.IsGenericType && type.IsValueType && typeof(ITuple).IsAssignableFrom(type) && type.GetGenericArguments().Length < 8;

    /// <summary>The compiler gives every record this method.</summary>
    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Instance) is { } print && print.IsDefined(typeof(CompilerGeneratedAttribute));

    private static uint? IdOf(MemberInfo info, ParameterInfo[] parameters)
    {
        if (info.GetCustomAttribute<IdAttribute>() is { } own)
        {
            return own.Id;
        }

        var index = Array.FindIndex(parameters, parameter => info is PropertyInfo && string.Equals(parameter.Name, info.Name, StringComparison.Ordinal));
        return index < 0 ? null : parameters[index].GetCustomAttribute<IdAttribute>()?.Id ?? FirstOfParameters + (uint)index;
    }

    private static Member Checked(Type type, Member member) => member switch
    {
        { Info: PropertyInfo { GetMethod: null } or PropertyInfo { SetMethod: null } or FieldInfo { IsInitOnly: true } } =>
            throw new NotSupportedException($"{type}.{member.Info.Name} travels, so it must be possible to get and to set or init it."),
        { Id: > LargestId } => throw new NotSupportedException($"{type}.{member.Info.Name}: an id is at most {LargestId}."),
        _ => member,
    };
}
