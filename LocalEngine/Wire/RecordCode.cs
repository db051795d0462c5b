using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Shortline.LocalEngine;

/// <summary>Compiles what writes and reads the members of a type. Compiled code may use what is internal, private or init-only.</summary>
internal static class RecordCode<T>
{
    private static readonly ParameterExpression Writer = Expression.Parameter(typeof(WireWriter));
    private static readonly ParameterExpression Reader = Expression.Parameter(typeof(WireReader));
    private static readonly ParameterExpression Value = Expression.Parameter(typeof(T).MakeByRefType());

    /// <summary>Values alone, for a reader that knows which.</summary>
    public static WriteMembers<T> WriteRow(IEnumerable<Member> members) => Compile<WriteMembers<T>>(Writer, [.. members.Select(Write)]);

    /// <inheritdoc cref="WriteRow"/>
    public static ReadMembers<T> ReadRow(IEnumerable<Member> members) => Compile<ReadMembers<T>>(Reader, [.. members.Select(Read)]);

    /// <summary>
    /// Each value after its tag. A default is written too: the reader's version of the type may have another one.
    /// </summary>
    public static WriteMembers<T> WriteTagged(IEnumerable<Member> members) => Compile<WriteMembers<T>>(
        Writer,
        [.. members.SelectMany<Member, Expression>(member =>
            [Expression.Call(Writer, nameof(WireWriter.WriteVarUInt), null, Expression.Constant((ulong)member.Tag)), Write(member)])]);

    /// <summary>Until the end, whatever comes in whatever order.</summary>
    public static ReadMembers<T> ReadTagged(IReadOnlyList<Member> members)
    {
        var end = Expression.Label();
        var tag = Expression.Variable(typeof(uint));
        Expression skip = Expression.Call(typeof(Tags), nameof(Tags.SkipMember), null, Reader, tag, Expression.Constant(members, typeof(IReadOnlyList<Member>)));
        var cases = members.Select(member => Expression.SwitchCase(Read(member), Expression.Constant(member.Tag))).ToArray();
        var body = Expression.Block(
            [tag],
            Expression.IfThen(Expression.Property(Reader, nameof(WireReader.AtEnd)), Expression.Break(end)),
            Expression.Assign(tag, Expression.Call(typeof(Tags), nameof(Tags.Read), null, Reader)),
            cases.Length == 0 ? skip : Expression.Switch(typeof(void), tag, skip, comparison: null, cases));
        return Compile<ReadMembers<T>>(Reader, [Expression.Loop(body, end)]);
    }

    /// <summary>
    /// What makes a value whose members have the defaults that the type gives them; null if those are all zero and null.
    /// </summary>
    public static Func<T>? New()
    {
        if (Members.ConstructorOf(typeof(T)) is not { } constructor)
        {
            return typeof(T).IsValueType ? null : Uninitialized;
        }

        var arguments = constructor.GetParameters().Select(parameter =>
            parameter is { HasDefaultValue: true, DefaultValue: not null }
                ? (Expression)Expression.Convert(Expression.Constant(parameter.DefaultValue), parameter.ParameterType)
                : Expression.Default(parameter.ParameterType)).ToArray();
        var create = Expression.Lambda<Func<T>>(Expression.New(constructor, arguments)).Compile();
        if (arguments.Length > 0)
        {
            try
            {
                create();
            }
            catch (Exception)
            {
                // It does not take defaults.
                return typeof(T).IsValueType ? null : Uninitialized;
            }
        }

        return create;
    }

    private static T Uninitialized() => (T)RuntimeHelpers.GetUninitializedObject(typeof(T));

    private static Expression Write(Member member)
    {
        Expression value = Expression.MakeMemberAccess(Value, member.Info);
        var type = member.Type;
        if (type.IsEnum)
        {
            type = type.GetEnumUnderlyingType();
            value = Expression.Convert(value, type);
        }

        return Expression.Call(Scalars.WriterOf(type) ?? CodecMethod(type, nameof(Codec<>.Write)), Writer, value);
    }

    private static BinaryExpression Read(Member member)
    {
        var type = member.Type.IsEnum ? member.Type.GetEnumUnderlyingType() : member.Type;
        Expression value = Expression.Call(
            Scalars.WriterOf(type) is null ? CodecMethod(type, nameof(Codec<>.Read)) : Scalars.ReaderOf(type), Reader);
        return Expression.Assign(
            Expression.MakeMemberAccess(Value, member.Info), member.Type.IsEnum ? Expression.Convert(value, member.Type) : value);
    }

    private static MethodInfo CodecMethod(Type type, string name) => typeof(Codec<>).MakeGenericType(type).GetMethod(name)!;

    private static TDelegate Compile<TDelegate>(ParameterExpression first, Expression[] body) =>
        Expression.Lambda<TDelegate>(Expression.Block(typeof(void), [.. body, Expression.Empty()]), first, Value).Compile();
}
